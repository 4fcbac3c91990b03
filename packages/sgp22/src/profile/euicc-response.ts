import {
  DerError,
  decode,
  type Infer,
  integer,
  octetString,
  optional,
  sequence,
  sequenceOf,
  utf8String,
} from '@esim-rsp/codec';

/** The result of each element of a profile package (TCA Interoperable Format 8.11): the content of simaResponse. */
const PEStatus = sequence({
  status: integer(0, 65_535).as('80'),
  identification: optional(integer(0, 65_535).as('81')),
  additionalInformation: optional(integer(0, 65_535).as('82')),
  offset: optional(integer(0, 0x7fff_ffff).as('83')),
});

export const EUICCResponse = sequence({
  peStatus: sequenceOf(PEStatus).as('A0'),
  profileInstallationAborted: optional(octetString(0, 0).as('81')),
  statusMessage: optional(utf8String(512).as('82')),
});
export type EUICCResponse = Infer<typeof EUICCResponse>;

const statuses: Readonly<Record<number, string>> = {
  0: 'ok',
  1: 'the element is not supported',
  2: 'memory failure',
  3: 'bad values',
  4: 'not enough memory',
  5: 'invalid format',
  6: 'invalid parameter',
  7: 'the runtime is not supported',
  8: 'a library is not supported',
  9: 'the template is not supported',
  10: 'a feature is not supported',
  11: 'a PIN is missing',
  31: 'the version of the profile package is not supported',
};

/** What a simaResponse says went wrong, element by element; undefined where it says nothing of the kind or cannot be read. */
export function explainSimaResponse(simaResponse: Uint8Array): string | undefined {
  const response = readResponse(simaResponse);
  if (response === undefined) return undefined;
  const faults = response.peStatus
    .filter(({ status }) => status !== 0)
    .map(({ status, identification, offset }) => {
      const element = identification === undefined ? 'the profile' : `profile element ${identification}`;
      const place = offset === undefined ? '' : ` at octet ${offset}`;
      return `${element}: ${statuses[status] ?? `status ${status}`}${place}`;
    });
  const words = response.statusMessage === undefined ? [] : [`"${response.statusMessage}"`];
  return faults.length + words.length === 0 ? undefined : [...faults, ...words].join(', ');
}

function readResponse(simaResponse: Uint8Array): EUICCResponse | undefined {
  try {
    return decode(EUICCResponse, simaResponse);
  } catch (error) {
    if (error instanceof DerError) return undefined; // cards put many things there
    throw error;
  }
}
