import { type LpaEnv, LpaFailure, type Sent, type Step, sendNotifications } from '@esim-rsp/euicc';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { CliError } from '../command.ts';
import { note } from '../output.ts';
import type { Misdeed } from './misdeed.ts';
import type { Phone } from './phone.ts';
import { es9Transport } from './transport.ts';

export type LpaWish = { readonly connect?: string; readonly misdeed?: Misdeed | undefined };

/** The LPA of a phone; it tells each step on stderr as it happens. */
export function lpaOf(phone: Phone, { connect, misdeed }: LpaWish = {}): LpaEnv & Disposable {
  const trust = phone.card().ciCertificates.map((certificate) => trustCi(certificate));
  const es9 = es9Transport({ trust, ...(connect !== undefined && { connectTo: connect }) });
  return {
    es10: phone.es10,
    es9: misdeed?.es9(es9) ?? es9,
    onStep,
    [Symbol.dispose]: () => es9[Symbol.dispose](),
  };
}

const WIDTH = 'loadBoundProfilePackage'.length;

function onStep({ name, text }: Step): void {
  note(`${name.padEnd(WIDTH)}  ${text}`);
}

/** Runs a download on the LPA; its failure ends with the session, by which the operator finds it at the server. */
export async function namingSession<T>(lpa: LpaEnv, work: (lpa: LpaEnv) => Promise<T>): Promise<T> {
  let session: Step['transactionId'];
  const onStep = (step: Step) => {
    session = step.transactionId ?? session;
    lpa.onStep(step);
  };
  try {
    return await work({ ...lpa, onStep });
  } catch (error) {
    if (!(error instanceof CliError) || session === undefined) throw error;
    throw new CliError(`${error.message}\n  the session at the server: ${session}`, error.exitCode);
  }
}

/** Runs what the LPA is to do; a failure ends the command with where it happened, why, and what to do. */
export async function failingClearly<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LpaFailure) throw new CliError(`${what} at ${error.step}: ${inWords(error)}`);
    throw error;
  }
}

/** The reason in plain words, with the codes of the server when it was the server that refused. */
export function inWords({ message, status, advice }: LpaFailure): string {
  const said = status?.message === undefined || status.message === message ? '' : ` "${status.message}"`;
  const code = status === undefined ? '' : ` (the server: ${status.subjectCode}/${status.reasonCode}${said})`;
  return `${message}${code}${advice === undefined ? '' : `\n  ${advice}`}`;
}

/** Sends what waits on the card; what cannot be delivered stays there and is only remarked upon. */
export async function report(env: LpaEnv): Promise<Sent> {
  const outcome = await sendNotifications(env);
  for (const { seqNumber, address, failure } of outcome.waiting)
    note(
      `notification ${seqNumber} for ${address} stays on the phone: ${inWords(failure)}\n  send it later with 'esim phone notifications --send'`,
    );
  return outcome;
}
