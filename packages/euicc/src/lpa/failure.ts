import type { ReportedStatus, StepName } from './ports.ts';

export type LpaFailureDetail = {
  /** The refusal of the server, when it was the server that refused. */
  readonly status?: ReportedStatus;
  /** What to do about it. */
  readonly advice?: string;
};

/** A download or a notification that did not succeed: at which step, why in plain words, and what to do. */
export class LpaFailure extends Error {
  override readonly name = 'LpaFailure';
  readonly step: StepName;
  readonly status?: ReportedStatus;
  readonly advice?: string;

  constructor(
    step: StepName,
    message: string,
    { status, advice }: LpaFailureDetail = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.step = step;
    if (status !== undefined) this.status = status;
    if (advice !== undefined) this.advice = advice;
  }
}

type Words = readonly [meaning: string, advice: string];

const NEW_CODE = 'ask the operator for a new activation code';
const OPERATOR = 'ask the operator to change the order';
const RETRY = 'start the download again';
const CLOCK = 'check the dates of the certificates and the clock of the server';

/** What the pairs of subject and reason code that a phone can meet mean to its user (SGP.22 5.6, annex of codes). */
export const pairs: Readonly<Record<string, Words>> = {
  '8.1/4.8': [
    'the eUICC has not enough free memory for this profile',
    'delete a profile that is not needed, then download again',
  ],
  '8.1/6.1': ['the server does not accept the signature of the eUICC', RETRY],
  '8.1.1/2.2': ['the order needs an EID', OPERATOR],
  '8.1.1/3.8': [
    'the profile is kept for another eUICC',
    'use the phone whose EID the order names, or ask the operator to change it',
  ],
  '8.1.1/3.10': ['the profile is linked to another EID', OPERATOR],
  '8.1.2/6.1': [
    'the EUM certificate is not valid',
    'the phone was created under a CI that this server does not know, or under an invalid one',
  ],
  '8.1.2/6.3': ['the EUM certificate has expired', CLOCK],
  '8.1.3/6.1': [
    'the eUICC certificate is not valid',
    'the phone was created under a CI that this server does not know, or under an invalid one',
  ],
  '8.1.3/6.3': ['the eUICC certificate has expired', CLOCK],
  '8.2/1.2': ['the profile is not released yet', 'ask the operator to release it, then download again'],
  '8.2/3.7': ['the profile was bound to another download', OPERATOR],
  '8.2.5/4.3': ['this phone cannot use the profile', 'ask the operator for a profile that suits the phone'],
  '8.2.6/3.8': ['the server does not know the activation code, or it has been used', NEW_CODE],
  '8.2.7/2.2': ['a confirmation code is needed', 'enter the code that you have from the operator'],
  '8.2.7/3.8': ['the confirmation code is wrong', 'try again with the right code'],
  '8.2.7/6.4': ['too many wrong confirmation codes were entered: the order has ended', NEW_CODE],
  '8.8.1/3.8': ['the server has another address', 'check the address in the activation code'],
  '8.8.2/3.1': [
    'the server has no certificate under a CI that the eUICC knows',
    'use a phone and a server under the same CI',
  ],
  '8.8.3/3.1': [
    'the server does not support this version of the specification',
    'a newer eUICC or server is needed',
  ],
  '8.8.4/3.7': [
    'the server has no certificate that the eUICC can verify',
    'use a phone and a server under the same CI',
  ],
  '8.8.5/4.10': ['the order has expired', NEW_CODE],
  '8.8.5/6.4': ['the profile was downloaded too often: the order has ended', NEW_CODE],
  '8.10.1/3.9': ['the server does not know this session, or it took too long', RETRY],
  '8.11.1/3.9': [
    'the server does not trust the CI of this eUICC',
    'use a phone and a server under the same CI',
  ],
};

/** A refusal of the server at a step, in words. */
export function refusedBy(step: StepName, status: ReportedStatus): LpaFailure {
  const words = pairs[`${status.subjectCode}/${status.reasonCode}`];
  const message = words?.[0] ?? status.message ?? 'the server refused with an unknown reason';
  return new LpaFailure(step, message, { status, ...(words !== undefined && { advice: words[1] }) });
}
