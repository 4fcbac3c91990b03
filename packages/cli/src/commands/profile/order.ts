import type { GeneratedSubscription, OrderEUICCProfileOfTypeRequest } from '@esim-rsp/sdk';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { fields, note } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { newKeysFile } from '../../rest/keys-file.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type OrderOptions, orderOptions, orderTermsFrom, showOrdered } from '../../rest/order-terms.ts';
import { iccidArgument } from '../../values.ts';

type Options = RestOptions &
  OrderOptions & { readonly confirm: boolean; readonly type?: string; readonly keys?: string };

/** `esim profile order`: orders a stocked profile for one download and tells its activation code. */
export function configure(command: Command): void {
  orderOptions(restOptions(command).argument('[iccid]', 'the profile, unless --type is given', iccidArgument))
    .option(
      '--type <type>',
      'any profile of this type: whichever has been in stock for longest, or one made from its template',
    )
    .option(
      '--keys <file>',
      'a new file for the keys of a profile that is made for this order; shown if absent',
    )
    .option('--no-confirm', "only reserve it, for --eid or for any; say the rest to 'esim profile confirm'")
    .action(order);
  examples(command, {
    'esim profile order 8900101000000001009': 'release it for any phone and print its activation code',
    'esim profile order 8900101000000001009 --confirmation-code 2468':
      'the same, and the user is asked for a code',
    'esim profile order 8900101000000001009 --eid 89049032000000000000000000000163 --default-smdp':
      'for one phone, which needs no code',
    'esim profile order 8900101000000001009 --expires-at 7d': 'for a week',
    'esim profile order --type basic': 'any profile of a type',
  });
}

async function order(iccid: Iccid | undefined, options: Options): Promise<void> {
  const { confirm, release, type } = options;
  if ((iccid === undefined) === (type === undefined))
    throw new CliError('give either the ICCID of a profile or --type', 2);
  if (type === undefined && options.keys !== undefined)
    throw new CliError('--keys goes with --type: a profile in stock has keys that were told before', 2);
  const terms = orderTermsFrom(options);
  if (terms.matching_id === '' && terms.eid === undefined)
    throw new CliError('an order without a MatchingID is found by its --eid: give one', 2);
  const request = { ...terms, ...(confirm ? { release } : { confirm }) };
  if (type !== undefined) return orderOfType({ profile_type: type, ...request }, options);
  const { data } = await askApi(options, (api) => api.orderEUICCProfile(iccid as Iccid, request));
  showOrdered(options, data);
}

async function orderOfType(request: OrderEUICCProfileOfTypeRequest, options: Options): Promise<void> {
  const file = options.keys === undefined ? undefined : newKeysFile(options.keys);
  try {
    const { data } = await askApi(options, (api) => api.orderEUICCProfileOfType(request));
    const { subscription, ...profile } = data;
    file?.write(subscription === undefined ? [] : [subscription]);
    showOrdered(options, file === undefined ? data : profile);
    if (subscription !== undefined) noteKeys(subscription, options);
  } finally {
    file?.close();
  }
}

/** The only time that they are told; with --json they are in the answer, or in the file. */
function noteKeys(subscription: GeneratedSubscription, { keys, json }: Options): void {
  if (keys !== undefined) note(`its keys are in ${keys}: nobody tells them again`);
  else if (!json) {
    note('it was made for this order; nobody tells its keys again:');
    note(fields(Object.entries(subscription)));
  }
}
