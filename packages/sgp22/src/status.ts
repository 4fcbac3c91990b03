/** Subject and reason codes (SGP.22 5.2.6): the two tables, and refusals that use them. */

export const subjects = {
  '1': 'Generic',
  '1.1': 'Function requester',
  '1.2': 'Function provider',
  '1.3': 'Protocol',
  '1.3.1': 'Protocol format',
  '1.3.2': 'Protocol version',
  '1.6': 'Function',
  '8': 'eUICC remote provisioning',
  '8.1': 'eUICC',
  '8.1.1': 'EID',
  '8.1.2': 'EUM certificate',
  '8.1.3': 'eUICC certificate',
  '8.2': 'Profile',
  '8.2.1': 'Profile ICCID',
  '8.2.5': 'Profile type',
  '8.2.6': 'Matching ID',
  '8.2.7': 'Confirmation code',
  '8.2.8': 'PPR',
  '8.2.9': 'Profile metadata',
  '8.2.10': 'Bound profile package',
  '8.8': 'SM-DP+',
  '8.8.1': 'SM-DP+ address',
  '8.8.2': 'Security configuration',
  '8.8.3': 'Specification version number (SVN)',
  '8.8.4': 'SM-DP+ certificate',
  '8.8.5': 'Download order',
  '8.9': 'SM-DS',
  '8.9.1': 'SM-DS address',
  '8.9.2': 'Security configuration (SM-DS)',
  '8.9.3': 'SVN (SM-DS)',
  '8.9.4': 'SM-DS certificate',
  '8.9.5': 'Event record',
  '8.10': 'RSP operation',
  '8.10.1': 'TransactionId',
  '8.11': 'CI',
  '8.11.1': 'CI public key',
} as const;
export type SubjectCode = keyof typeof subjects;

export const reasons = {
  '1': 'Access error',
  '1.1': 'Unknown (identification or authentication)',
  '1.2': 'Not allowed (authorisation)',
  '2': 'Format error',
  '2.1': 'Invalid',
  '2.2': 'Mandatory element missing',
  '2.3': 'Conditional element missing',
  '3': 'Conditions of use not satisfied',
  '3.1': 'Unsupported',
  '3.3': 'Already in use (uniqueness)',
  '3.5': 'Invalid transition',
  '3.7': 'Unavailable',
  '3.8': 'Refused',
  '3.9': 'Unknown',
  '3.10': 'Invalid association',
  '3.11': 'Value has changed',
  '4': 'Processing error',
  '4.2': 'Execution error',
  '4.3': 'Stopped on warning',
  '4.4': 'Busy',
  '4.8': 'Insufficient memory',
  '4.10': 'Time to live expired',
  '5': 'Transport error',
  '5.1': 'Inaccessible',
  '6': 'Security error',
  '6.1': 'Verification failed',
  '6.3': 'Expired',
  '6.4': 'Maximum number of attempts exceeded',
} as const;
export type ReasonCode = keyof typeof reasons;

/** The content of a refusal: the codes of the specification and a sentence that says what is wrong. */
export type StatusCode = {
  readonly subjectCode: SubjectCode;
  readonly reasonCode: ReasonCode;
  readonly message: string;
};

/** A request that is refused with a status code. Any function may throw it; the interface converts it to a response. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: StatusCode;
  /** The key of the check that refused. */
  readonly check: string;

  constructor(status: StatusCode, check: string) {
    super(`${status.subjectCode}/${status.reasonCode}: ${status.message}`);
    this.status = status;
    this.check = check;
  }
}

/** Creates a refusal. `detail` is added to the message, such as the value that was found. */
export type Refuse = (detail?: string) => Refusal;

type RefusalTable = {
  readonly [name: string]: readonly [SubjectCode, ReasonCode, message: string, check?: string];
};

/**
 * Creates one `Refuse` function per entry of a table `{ name: [subjectCode, reasonCode, message, check] }`. The key of the check is
 * the name, unless the table has another one.
 */
export function refusals<T extends RefusalTable>(table: T): { readonly [K in keyof T]: Refuse } {
  const functions: Record<string, Refuse> = {};
  for (const [name, [subjectCode, reasonCode, message, check = name]] of Object.entries(table))
    functions[name] = (detail) =>
      new Refusal(
        { subjectCode, reasonCode, message: detail === undefined ? message : `${message}: ${detail}` },
        check,
      );
  return functions as { readonly [K in keyof T]: Refuse };
}

/** A copy of a refusal with the key of another check. */
export function forCheck(check: string, refuse: Refuse): Refuse {
  return (detail) => new Refusal(refuse(detail).status, check);
}

/**
 * The checks of a function in their order: the key, and a sentence that is true after the check. A refusal contains the key of the
 * failed check, so all checks before it passed.
 */
export type Checks = { readonly [key: string]: string };

/** Throws the refusal unless the condition holds. */
export function must(condition: unknown, refuse: Refuse): asserts condition {
  if (!condition) throw refuse();
}
