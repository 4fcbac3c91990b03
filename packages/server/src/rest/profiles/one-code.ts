import type { CallerSession } from '../frame/authenticate.ts';
import { HttpProblem } from '../frame/problem.ts';

/** Throws 403 for a browser that has signed in: people read activation codes one by one, and each reading is in the audit log. */
export function refuseCodesTo(session: CallerSession | undefined): void {
  if (session === undefined) return;
  throw new HttpProblem(
    403,
    'forbidden',
    'a session reads activation codes one at a time: call POST /euicc-profiles/{iccid}/activation-code, or use a key',
  );
}
