import { parseEid } from '../value/eid.ts';
import { parsePaddedIccid } from '../value/iccid.ts';
import { parseMatchingId } from '../value/matching-id.ts';
import { mustBeHarmless } from '../value/text.ts';
import { ValueError } from '../value/value-error.ts';
import type { JsonMessage, MessageOf } from './binding.ts';
import {
  base64Field,
  booleanField,
  enumField,
  integerField,
  objectField,
  optionalField,
  parsedField,
  textField,
} from './json-field.ts';

/** One function of ES2+: section of the specification, HTTP path, request and response. */
export type Es2Function<Q extends JsonMessage = JsonMessage, R extends JsonMessage = JsonMessage> = {
  readonly section: string;
  readonly path: string;
  readonly request: Q;
  readonly response: R;
};

function es2Function<Q extends JsonMessage, R extends JsonMessage>(
  { section, name }: { readonly section: string; readonly name: string },
  request: Q,
  response: R,
) {
  return { section, path: `/gsma/rsp2/es2plus/${name}`, request: { header, ...request }, response } as const;
}

/** The header of every request (6.5.1.4): the caller, and an identifier of the call. A repeated call has the same identifier. */
const header = objectField('the caller and the identifier of the call', {
  functionRequesterIdentifier: textField(255, 'the name or OID of the caller'),
  functionCallIdentifier: textField(255, 'a text that is unique for each call'),
});

const iccid = parsedField('an ICCID of 18 to 20 digits, padded with F or not', parsePaddedIccid);
const eid = parsedField('an EID of 32 digits', parseEid);
const matchingId = parsedField("up to 80 digits, upper-case letters and '-'", parseMatchingId);

/** A MatchingID in a request, as it was sent: the functions have status codes of their own for one that is wrong. */
const requestedMatchingId = parsedField('a MatchingID of up to 255 characters', (text) => {
  if (text.length > 255) throw new ValueError('expected up to 255 characters');
  mustBeHarmless(text);
  return text;
});

/** ES2+ (SGP.22 5.3; JSON binding 6.5.2): the functions that an operator calls at an SM-DP+. Server, documentation and conformance tests use this table. */
export const es2plus = {
  downloadOrder: es2Function(
    { section: '5.3.1', name: 'downloadOrder' },
    {
      eid: optionalField(eid),
      iccid: optionalField(iccid),
      profileType: optionalField(textField(128, "the operator's name for a kind of profile")),
    },
    { iccid },
  ),
  confirmOrder: es2Function(
    { section: '5.3.2', name: 'confirmOrder' },
    {
      iccid,
      eid: optionalField(eid),
      matchingId: optionalField(requestedMatchingId),
      confirmationCode: optionalField(textField(128, 'the confirmation code')),
      smdsAddress: optionalField(textField(255, 'the SM-DS that notifies the device')),
      releaseFlag: booleanField('whether the profile can be downloaded at once'),
    },
    {
      eid: optionalField(eid),
      matchingId,
      smdpAddress: optionalField(textField(255, 'the SM-DP+ address for the activation code')),
    },
  ),
  cancelOrder: es2Function(
    { section: '5.3.3', name: 'cancelOrder' },
    {
      iccid,
      eid: optionalField(eid),
      matchingId: optionalField(requestedMatchingId),
      finalProfileStatusIndicator: enumField('the state of the profile afterwards', [
        'Available',
        'Unavailable',
      ]),
    },
    {},
  ),
  releaseProfile: es2Function({ section: '5.3.4', name: 'releaseProfile' }, { iccid }, {}),
} as const;

const timestamp = parsedField('a time such as 2026-03-01T10:00:00Z', (text) => {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.test(text)) return text;
  throw new ValueError('expected YYYY-MM-DDThh:mm:ssTZD');
});

const code = textField(20, 'numbers with dots between them');

/** The function of ES2+ that an SM-DP+ calls at the operator's URL. The response is 204 without a body. */
export const es2plusToOperator = {
  handleDownloadProgressInfo: {
    section: '5.3.5',
    path: '/gsma/rsp2/es2plus/handleDownloadProgressInfo',
    request: {
      header,
      eid: optionalField(eid),
      iccid,
      profileType: parsedField(
        "the operator's name for the kind of profile, empty where it has none",
        (text) => text,
      ),
      timestamp,
      notificationPointId: integerField(1, 999, 'which point of the download was reached'),
      notificationPointStatus: objectField('the result', {
        status: enumField('the result', ['Executed-Success', 'Executed-WithWarning', 'Failed', 'Expired']),
        statusCodeData: optionalField(
          objectField('why it failed', {
            subjectCode: code,
            reasonCode: code,
            subjectIdentifier: optionalField(textField(255, 'what failed')),
            message: optionalField(textField(1000, 'a sentence for people')),
          }),
        ),
      }),
      resultData: optionalField(base64Field('what the eUICC signed')),
    },
  },
} as const;

/** Notification points besides the 1 to 4 of the standard. Operators use different sets. */
export const progressStyles = ['standard', '5-8', '101'] as const;
export type ProgressStyle = (typeof progressStyles)[number];

export type DownloadProgressInfo = MessageOf<
  (typeof es2plusToOperator)['handleDownloadProgressInfo']['request']
>;

export type Es2Name = keyof typeof es2plus;
export type Es2Request<N extends Es2Name> = MessageOf<(typeof es2plus)[N]['request']>;
export type Es2Response<N extends Es2Name> = MessageOf<(typeof es2plus)[N]['response']>;
