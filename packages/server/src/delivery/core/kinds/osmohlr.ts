import { CoreError } from '../core-error.ts';
import type { CoreKindClient } from '../core-kind.ts';
import { type Ask, type CtrlAnswer, type CtrlCommand, overCtrl } from '../ctrl.ts';
import type { Subscription } from '../subscription.ts';

/** What OsmoHLR says when it has done that before. */
const KNOWN = 'Subscriber already exists.';
const UNKNOWN = "Subscriber doesn't exist.";
/** The longest number that it takes. */
const MSISDN_DIGITS = 15;
/** Bits of IND in SQN (3GPP TS 33.102 C.3): its default. */
const IND_BITS = 5;

const create = (imsi: string): CtrlCommand => ({ verb: 'SET', variable: 'subscriber.create', value: imsi });
const deletion = (imsi: string): CtrlCommand => ({ verb: 'SET', variable: 'subscriber.delete', value: imsi });
const variableOf = (imsi: string, name: 'aud3g' | 'msisdn') => `subscriber.by-imsi-${imsi}.${name}`;

/** The values that the HLR is to have, by variable. `aud3g` is written as the HLR itself writes it, so that both can be compared. */
export function osmoHlrValues({
  imsi,
  k,
  opc,
  msisdn,
}: Subscription): readonly (readonly [string, string])[] {
  return [
    [variableOf(imsi, 'aud3g'), `MILENAGE,${k},OPC,${opc},${IND_BITS}`],
    [variableOf(imsi, 'msisdn'), msisdn ?? 'none'],
  ];
}

/**
 * OsmoHLR over its CTRL interface. A value is set only if the HLR has another one: setting the keys again would reset their sequence numbers, and
 * the next authentication would have to agree on them again.
 */
export const osmohlr: CoreKindClient = {
  put: (call, subscription) =>
    overCtrl(call, async (ask) => {
      must(await ask(create(subscription.imsi)), 'the subscriber could not be created', KNOWN);
      for (const [variable, value] of osmoHlrValues(subscription)) await setValue(ask, variable, value);
    }),
  remove: (call, imsi) =>
    overCtrl(call, async (ask) =>
      must(await ask(deletion(imsi)), 'the subscriber could not be deleted', UNKNOWN),
    ),
  cannotTake: ({ algorithm, msisdn = '' }) => {
    if (algorithm !== 'milenage') return 'OsmoHLR takes subscriptions with Milenage only';
    if (msisdn.length > MSISDN_DIGITS)
      return `OsmoHLR takes phone numbers of ${MSISDN_DIGITS} digits at most`;
    return undefined;
  },
};

async function setValue(ask: Ask, variable: string, value: string): Promise<void> {
  const name = variable.slice(variable.lastIndexOf('.') + 1);
  const present = await ask({ verb: 'GET', variable });
  if ('value' in present && present.value.toLowerCase() === value.toLowerCase()) return;
  must(present, `${name} could not be read`);
  must(await ask({ verb: 'SET', variable, value }), `${name} could not be set`);
}

/** `besides`: an error that says that nothing is left to do. */
function must(answer: CtrlAnswer, what: string, besides?: string): void {
  if ('error' in answer && answer.error !== besides)
    throw new CoreError(`${what}: the HLR says "${answer.error}"`);
}
