import type { Phone } from '@esim-rsp/phone';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { show } from '../output.ts';
import { iccidArgument } from '../values.ts';
import { failingClearly } from './failure-text.ts';
import { type PhoneOptions, phoneOptions } from './options.ts';
import { sendWaiting } from './send-waiting.ts';
import { withPhone } from './with-phone.ts';

/** A command that changes one profile on a phone and reports it: the function of the phone, and the state of the profile afterwards. */
export type ProfileChange = {
  readonly verb: 'enable' | 'disable' | 'delete';
  readonly done: string;
};

type Options = PhoneOptions & { readonly notify: boolean; readonly connect?: string };

/** Sets up `esim phone profile enable`, `disable` and `delete`, which differ in one function of the phone only. */
export function configureChange(command: Command, change: ProfileChange): void {
  phoneOptions(command)
    .argument('<iccid>', 'the profile', iccidArgument)
    .option('--no-notify', 'keep the notification on the phone')
    .option('--connect <host:port>', 'connect to this address instead of the one in the profile or code')
    .action((iccid: Iccid, options: Options) =>
      withPhone(options.name, { connectTo: options.connect }, (phone) =>
        changeProfile(phone, iccid, change, options),
      ),
    );
}

async function changeProfile(
  phone: Phone,
  iccid: Iccid,
  { verb, done }: ProfileChange,
  options: Options,
): Promise<void> {
  await failingClearly(`the profile ${iccid} could not be ${done}`, () => phone[verb](iccid));
  const sent = options.notify ? (await sendWaiting(phone)).sent.length : 0;
  show(
    options,
    { phone: options.name, iccid, done: verb, notifications_sent: sent },
    `The profile ${iccid} is ${done}.`,
  );
}
