import type { X509Certificate } from 'node:crypto';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { es2plusToOperator, progressStyles } from '@esim-rsp/sgp22/functions/es2plus';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Static, Type } from '@sinclair/typebox';
import {
  certificatesText,
  clientFault,
  clientUseFault,
  readCertificates,
  readClientIdentity,
} from '../../delivery/upstream/identity.ts';
import { decodedByReader, inWords, literals, orNull } from '../../shapes/shape.ts';
import type { OperatorIdentity, OperatorProgress } from '../../store/ports/operators.ts';

const PEM = '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n';
const pem = (description: string, example = PEM) =>
  Type.String({ minLength: 1, maxLength: 20_000, ...decodedByReader, description, examples: [example] });

/** Members that requests set. One of `certificate` and `ca` says who the operator is. */
export const operatorSettings = {
  certificate: Type.Optional(
    pem('The TLS client certificate that the operator shows, in PEM: exactly this one is accepted'),
  ),
  ca: Type.Optional(pem('Instead: a CA, in PEM, whose client certificates are all accepted')),
  requester_identifiers: Type.Optional(
    Type.Array(
      Type.String({
        pattern: '^[\\x21-\\x7e]{1,255}$',
        ...inWords('1 to 255 visible ASCII characters'),
      }),
      {
        minItems: 1,
        maxItems: 50,
        uniqueItems: true,
        description: 'What it may send as functionRequesterIdentifier; a new operator may send its name',
        examples: [['shop']],
      },
    ),
  ),
  progress_url: Type.Optional(
    orNull(
      Type.String({
        minLength: 1,
        maxLength: 2048,
        description:
          'Where downloads are reported to; without a path, the path of ES2+ is added; null: no reports any more',
        examples: ['https://shop.example.com'],
      }),
    ),
  ),
  progress_style: Type.Optional(literals(progressStyles, 'Which points of a download are reported')),
  progress_certificate: Type.Optional(pem('The TLS client certificate that this server shows there, in PEM')),
  progress_key: Type.Optional(
    pem(
      'Its private key, in PEM, without a password: no answer has it',
      '-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n',
    ),
  ),
  progress_ca: Type.Optional(pem('The CA to trust there, in PEM; without it, the public CAs')),
};

const shape = Type.Object(operatorSettings);
type Requested = Static<typeof shape>;

/** Whom the request names, if it names somebody; throws a ValueError. `now`: Unix milliseconds. */
export function identityIn({ certificate, ca }: Requested, now: number): OperatorIdentity | undefined {
  if (certificate !== undefined && ca !== undefined)
    throw new ValueError('cannot be used together with certificate', { field: 'ca' });
  if (certificate !== undefined) return { certificateSha256: sha256(clientIn(certificate, now).raw) };
  if (ca === undefined) return undefined;
  const [first] = readCertificates(ca, 'ca');
  if (first?.ca !== true) throw new ValueError('is not the certificate of a CA', { field: 'ca' });
  return { caCertificate: Uint8Array.from(first.raw) };
}

function clientIn(text: string, now: number): X509Certificate {
  const [first] = readCertificates(text, 'certificate');
  const refuse = (why: string) => new ValueError(why, { field: 'certificate' });
  if (first === undefined) throw refuse('has no certificate');
  if (first.validToDate.getTime() < now) throw refuse(`expired on ${first.validToDate.toISOString()}`);
  const use = clientUseFault(first);
  if (use !== undefined) throw refuse(use);
  return first;
}

/** The notifications of a request over those of before; throws a ValueError. `begin`: where new ones begin. */
export function progressIn(
  requested: Requested,
  before: OperatorProgress | undefined,
  begin: Pick<OperatorProgress, 'from' | 'after'>,
): OperatorProgress | undefined {
  const { progress_url: asked, progress_style: style, progress_ca: newCa } = requested;
  if (asked === null) return undefined;
  const url = asked === undefined ? before?.url : notificationUrl(asked);
  const client = notifierIn(requested) ?? before?.client;
  if (url === undefined) {
    if ([style, newCa, client].every((one) => one === undefined)) return undefined;
    throw new ValueError('is missing: where downloads are reported to', { field: 'progress_url' });
  }
  const ca = newCa === undefined ? before?.ca : certificatesText(newCa, 'progress_ca');
  const { from, after } = before ?? begin;
  return {
    url,
    style: style ?? before?.style ?? 'standard',
    ...(client !== undefined && { client }),
    ...(ca !== undefined && { ca }),
    from,
    ...(after !== undefined && { after }),
  };
}

/** The client certificate of this server with its key, if the request has one. */
function notifierIn({ progress_certificate: certificate, progress_key: key }: Requested) {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined)
    throw new ValueError('and progress_key are set together', { field: 'progress_certificate' });
  const [own] = readCertificates(certificate, 'progress_certificate');
  const fault = own && clientFault(own, key);
  if (fault === undefined) return readClientIdentity(certificate, key);
  const field = fault.field === 'client_key' ? 'progress_key' : 'progress_certificate';
  throw new ValueError(fault.message.replace('client_certificate', 'progress_certificate'), { field });
}

function notificationUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username || url.password || url.hash)
    throw new ValueError('must be https://host or https://host:port/path', { field: 'progress_url' });
  if (url.pathname === '/') url.pathname = es2plusToOperator.handleDownloadProgressInfo.path;
  return url.href;
}
