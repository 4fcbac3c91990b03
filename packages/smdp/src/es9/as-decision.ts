import { Refusal } from '@esim-rsp/sgp22/status';
import type { Decision } from '../run.ts';

/** Decides; a refusal that is thrown becomes a decision that saves nothing. */
export async function asDecision<R>(decide: () => Decision<R> | Promise<Decision<R>>): Promise<Decision<R>> {
  try {
    return await decide();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refusal: error, save: [] };
  }
}
