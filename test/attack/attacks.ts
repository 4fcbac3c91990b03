import type { Attack } from './attack.ts';
import { addresses } from './attacks/addresses.ts';
import { certificates } from './attacks/certificates.ts';
import { codeAttempts } from './attacks/code-attempts.ts';
import { delayImports } from './attacks/delay-imports.ts';
import { delayNesting } from './attacks/delay-nesting.ts';
import { delayQueries } from './attacks/delay-queries.ts';
import { isolation } from './attacks/isolation.ts';
import { keys } from './attacks/keys.ts';
import { overload } from './attacks/overload.ts';
import { sessions } from './attacks/sessions.ts';
import { sharedNumbers } from './attacks/shared-numbers.ts';
import { slowReceivers } from './attacks/slow-receivers.ts';
import { surroundings } from './attacks/surroundings.ts';
import { tenants } from './attacks/tenants.ts';
import { tls } from './attacks/tls.ts';

/** Every attack, in the order in which they start: but those that must be alone come last (run.ts). */
export const attacks: readonly Attack[] = [
  ...overload, // some of them wait for the longest time
  ...keys,
  ...tenants,
  ...isolation,
  ...sharedNumbers,
  ...codeAttempts,
  ...addresses,
  ...tls,
  ...certificates,
  ...slowReceivers,
  ...sessions,
  ...surroundings,
  ...delayImports,
  ...delayNesting,
  ...delayQueries,
];
