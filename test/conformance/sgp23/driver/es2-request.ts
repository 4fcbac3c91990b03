/**
 * What a strict SM-DP+ requires of a request of ES2+ (SGP.22 5.3 and 6.5): written by hand from the text, and shares nothing with the tables and readers of
 * the server.
 */

/** A request as it came. */
export type RawRequest = {
  readonly method: string;
  readonly path: string;
  readonly httpVersion: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly octets: Buffer;
  readonly tls: string;
  /** SHA-256 of the certificate that the client has shown. */
  readonly client: string | undefined;
};

/** What the vendor has agreed with the operator. */
export type Agreement = {
  readonly host: string;
  readonly prefix: string;
  readonly adminProtocol: string;
  readonly requester: string;
  readonly client: string;
};

export type Members = { readonly [name: string]: unknown };

const FUNCTIONS = ['downloadOrder', 'confirmOrder', 'releaseProfile', 'cancelOrder'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

type Rule = { readonly isMandatory?: true; readonly isValid: (value: unknown) => boolean };

const text = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);
const ICCID: Rule = { isMandatory: true, isValid: text(/^89(\d{16,18}|\d{17}[Ff])$/) };
const EID: Rule = { isValid: text(/^\d{32}$/) };
const MATCHING_ID: Rule = { isValid: text(/^[0-9A-Z-]{0,255}$/) };

/** The members of each function besides the header (5.3.1 to 5.3.4); others are not allowed. */
const RULES: Readonly<Record<FunctionName, Readonly<Record<string, Rule>>>> = {
  downloadOrder: {
    iccid: ICCID,
    eid: EID,
    profileType: { isValid: text(/^.{1,128}$/) },
  },
  confirmOrder: {
    iccid: ICCID,
    eid: EID,
    matchingId: MATCHING_ID,
    confirmationCode: { isValid: text(/^.{1,128}$/) },
    smdsAddress: { isValid: text(/^[\w.-]+$/) },
    releaseFlag: { isMandatory: true, isValid: (value) => typeof value === 'boolean' },
  },
  releaseProfile: { iccid: ICCID },
  cancelOrder: {
    iccid: ICCID,
    eid: EID,
    matchingId: { isValid: (value) => typeof value === 'string' },
    finalProfileStatusIndicator: { isMandatory: true, isValid: text(/^(Available|Unavailable)$/) },
  },
};

/** What is wrong with a request: nothing, or a sentence for each fault. */
export function faultsOf(request: RawRequest, agreement: Agreement): string[] {
  return [...transportFaults(request, agreement), ...bodyFaults(request, agreement)];
}

function transportFaults(
  { method, path, httpVersion, headers, octets, tls, client }: RawRequest,
  { host, prefix, adminProtocol, client: known }: Agreement,
): string[] {
  const functionPath = `${prefix}/gsma/rsp2/es2plus/`;
  const faults: readonly (readonly [boolean, string])[] = [
    [method === 'POST', `the method is ${method}`],
    [httpVersion === '1.1', `the version of HTTP is ${httpVersion}`],
    [path.startsWith(functionPath), `the path ${path} does not begin with ${functionPath}`],
    [FUNCTIONS.some((name) => path === `${functionPath}${name}`), `${path} is no function of ES2+`],
    [headers.host === host, `the host is ${headers.host}`],
    [
      /^application\/json(;charset=utf-8)?$/i.test(String(headers['content-type'])),
      'the content is not JSON',
    ],
    [headers['content-length'] === String(octets.length), 'the length of the content is wrong or absent'],
    [headers['transfer-encoding'] === undefined, 'the content comes in chunks'],
    [headers['x-admin-protocol'] === adminProtocol, `X-Admin-Protocol is ${headers['x-admin-protocol']}`],
    [headers.authorization === undefined && headers.cookie === undefined, 'it has credentials besides TLS'],
    [tls === 'TLSv1.2' || tls === 'TLSv1.3', `TLS is ${tls}`],
    [client === known, 'the client certificate is another one, or absent'],
  ];
  return faults.filter(([isRight]) => !isRight).map(([, fault]) => fault);
}

function bodyFaults({ octets, path }: RawRequest, { requester }: Agreement): string[] {
  const body = objectIn(octets);
  if (typeof body === 'string') return [body];
  const { header, ...members } = body;
  return [
    ...headerFaults(header, requester),
    ...memberFaults(members, path.split('/').at(-1) as FunctionName),
  ];
}

/** The object that octets contain, or why there is none. A member that is in it twice, white space and escapes that are not needed are faults. */
export function objectIn(octets: Buffer): Members | string {
  const decoded = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    const written = decoded.decode(octets);
    const value: unknown = JSON.parse(written);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'the body is no object';
    return JSON.stringify(value) === written
      ? (value as Members)
      : 'the body has a member twice, or white space';
  } catch (error) {
    return `the body cannot be read: ${error}`;
  }
}

function headerFaults(header: unknown, requester: string): string[] {
  if (typeof header !== 'object' || header === null) return ['there is no header'];
  const { functionRequesterIdentifier: own, functionCallIdentifier: call, ...others } = header as Members;
  return [
    ...(own === requester ? [] : [`functionRequesterIdentifier is ${String(own)}`]),
    ...(text(/^[\x21-\x7e]{1,64}$/)(call) ? [] : [`functionCallIdentifier is ${String(call)}`]),
    ...Object.keys(others).map((name) => `the header has a member ${name}`),
  ];
}

function memberFaults(members: Members, name: FunctionName): string[] {
  const rules = RULES[name];
  if (rules === undefined) return [];
  const missing = Object.entries(rules).filter(
    ([member, { isMandatory }]) => isMandatory && !(member in members),
  );
  return [
    ...missing.map(([member]) => `${name} has no ${member}`),
    ...Object.entries(members).flatMap(([member, value]) => {
      const rule = rules[member];
      if (rule === undefined) return [`${name} has no member ${member}`];
      return rule.isValid(value) ? [] : [`${member} of ${name} is ${JSON.stringify(value)}`];
    }),
  ];
}
