import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import type { Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { LabError, type LabPhone } from './lab-phone.ts';

export type LabServices = Services<Pick<ApiKeyStore, 'validApiKeys'>>;

const statuses = { invalid_value: 400, lab_busy: 409, lab_not_found: 404, lab_refused: 409 } as const;

/** Does something with the phone of the lab; what it refuses becomes a problem. */
export async function onLabPhone<T>(
  { lab }: LabServices,
  work: (phone: LabPhone) => T | Promise<T>,
): Promise<T> {
  if (lab === undefined) throw new Error('operations of the lab are served without a phone');
  try {
    return await work(lab);
  } catch (error) {
    if (error instanceof LabError) throw new HttpProblem(statuses[error.code], error.code, error.message);
    throw error;
  }
}
