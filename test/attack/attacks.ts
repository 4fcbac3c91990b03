import type { Attack } from './attack.ts';
import { tenants } from './attacks/tenants.ts';

/** Every attack, in the order in which they run. */
export const attacks: readonly Attack[] = [...tenants];
