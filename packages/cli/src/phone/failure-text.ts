import { LpaFailure } from '@esim-rsp/euicc';
import { PhoneError, type PhoneErrorCode } from '@esim-rsp/phone';
import { CliError } from '../command.ts';

/** What to do on the command line about an error of a phone. */
const advice: Partial<Record<PhoneErrorCode, (name: string) => string>> = {
  unknown: (name) => `create it with 'esim phone create --name ${name}'`,
  exists: () => 'choose another --name, or delete its file',
  'no-source': () => 'use an activation code',
  'no-issuer': () => "use the PKI of the server (ESIM_PKI_DIR), or one of 'esim pki init'",
};

/** Does something with the phone of this name; an error of the phone ends the command with what happened and what to do. */
export async function endingClearly<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PhoneError)) throw error;
    const { code, message } = error;
    const hint = advice[code]?.(name);
    throw new CliError(message, code === 'no-source' ? 2 : 1, {
      code: `phone_${code.replaceAll('-', '_')}`,
      ...(hint !== undefined && { hint }),
    });
  }
}

/** Does something with the LPA; a failure ends the command with the step at which it happened, why, and what to do. */
export async function failingClearly<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LpaFailure)) throw error;
    const { status, advice: hint } = error;
    throw new CliError(`${what} at ${error.step}: ${reasonText(error)}`, 1, {
      code: status === undefined ? 'lpa_failed' : `${status.subjectCode}/${status.reasonCode}`,
      ...(hint !== undefined && { hint }),
    });
  }
}

/** The reason and what to do. */
export function failureText(failure: LpaFailure): string {
  const { advice } = failure;
  return `${reasonText(failure)}${advice === undefined ? '' : `\n  ${advice}`}`;
}

/** The reason in words, with the status codes of the server if the server refused. */
function reasonText({ message, status }: LpaFailure): string {
  const own = status?.message === undefined || status.message === message ? '' : ` "${status.message}"`;
  const code = status === undefined ? '' : ` (the server: ${status.subjectCode}/${status.reasonCode}${own})`;
  return `${message}${code}`;
}
