import { messages } from '../../packages/server/src/rest/profiles/profile.ts';
import { EUICCProfileState } from '../../packages/server/src/shapes/profile-state.ts';
import { allowed } from '../../packages/smdp/src/state/allowed.ts';
import { reuseTypes } from '../../packages/smdp/src/state/order.ts';
import { profileStates } from '../../packages/smdp/src/state/profile.ts';
import { rules } from '../../packages/smdp/src/state/reuse.ts';

/** docs/guide/concepts.md: its tables are those of the code. */
export function conceptsGuide(): string {
  return `# Concepts

What the words mean: profiles, orders, codes, states, and what happens when an eSIM leaves a phone. \`npm run generate\` writes this page, with the tables from the code.

![The parts of a server: REST, ES2+ and ES9+ use the rules of the SM-DP+, which read and change the store](../images/architecture.svg)

## The parties

| word | what it is |
|---|---|
| **profile** | what a SIM card was: the subscription (ICCID, IMSI, keys) with the files and applications for it |
| **eUICC** | the chip in a phone that holds profiles; its number is the **EID** |
| **LPA** | the program in a phone that downloads and switches profiles |
| **SM-DP+** | the server that has the profiles and hands each to one eUICC: this one |
| **CI** | the authority whose certificate both ends must trust ([real phones](real-phones.md)) |
| **account** | who owns profiles, keys and webhooks on this server; \`x-user-id\` names it |
| **operator** | a system that orders over ES2+ ([ES2+](es2plus.md)) |

## Profiles, types and orders

A profile is in stock until it is **ordered**. An order says who may download it, until when and how often. Profiles that can replace each other have the same **type**; an
order of a type takes the oldest one in stock, or creates one from a template ([inventory](inventory.md)).

## Codes

| code | looks like | what it does |
|---|---|---|
| **activation code** | \`LPA:1$rsp.example.com$QW3R-7TYP-9ASD\` | everything that a phone needs; the QR code is the same text. Anyone who has it can install the profile: it is a secret |
| **MatchingID** | \`QW3R-7TYP-9ASD\` | the part that names the order |
| **confirmation code** | \`1234\` | a second secret, which the customer enters and which goes another way, such as a text message. \`$$1\` at the end of an activation code says that one is needed |
| **install link** | \`https://…/i/…\` | a page with the button, the QR code and the state for the customer ([install page](install-page.md)) |
| **ICCID** | 19 or 20 digits | the number of the profile; no secret |
| **EID** | 32 digits | the number of an eUICC; no secret |

## States

![The states of a profile: an order takes it from AVAILABLE to RELEASED, a download to INSTALLED, and what the phone reports to ENABLED, DISABLED and DELETED](../images/states.svg)

${EUICCProfileState.description}.

| state | meaning | what it allows |
|---|---|---|
${profileStates.map((state) => `| \`${state}\` | ${messages[state]} | ${allowed[state].join(', ')} |\n`).join('')}
Anything else is refused with [\`invalid_transition\`](errors.md#invalid_transition), and the message says what the state allows. ENABLED and DISABLED come from what the phone reports; a phone without
a connection reports later.

## When the eSIM leaves the phone

The **reuse policy** of an order (\`profile_reuse_policy\`) says what happens when the phone reports that the profile was deleted. Without one it is NEVER. The same policy applies when you
re-release a profile yourself ([when a customer calls](customers.md)).

| policy | the profile | the activation code | who may download it next |
|---|---|---|---|
${reuseTypes.map(reuseLine).join('')}
Each return costs one of \`max_count\`; at 0 the profile stays DELETED. With \`cooldownPeriod\` (seconds) it stays DELETED until that time is over, and a phone that tries earlier is refused.

## The four calls of a download

![The four calls of a download: initiateAuthentication, authenticateClient, getBoundProfilePackage, handleNotification](../images/download.svg)

The package is bound to the eUICC that asks: what somebody records on the way is of no use elsewhere. What each call carries is in the console at \`/console/phone\` of a demo; why one was refused, in
\`esim session show\` ([errors](errors.md#what-phones-are-refused-with)).
`;
}

function reuseLine(type: (typeof reuseTypes)[number]): string {
  if (type === 'NEVER') return '| `NEVER` | stays DELETED | ends | no eUICC |\n';
  const { eid, matchingId } = rules[type];
  const code = matchingId === 'same' ? 'stays the same' : 'is new';
  return `| \`${type}\` | is RELEASED again | ${code} | ${nextEuicc[eid]} |\n`;
}

const nextEuicc = {
  same: 'only the eUICC that had it',
  other: 'any eUICC but the one that had it',
  any: 'any eUICC',
} as const;
