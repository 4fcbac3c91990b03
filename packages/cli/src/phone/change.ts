import type { Es10Channel } from '@esim-rsp/euicc';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { localConfig } from '../local.ts';
import { show } from '../output.ts';
import { iccidArgument } from '../values.ts';
import { failingClearly, lpaOf, report } from './lpa.ts';
import { type PhoneOptions, phoneOptions } from './options.ts';
import { openPhone } from './phone.ts';

/** A command that changes one profile on a phone and reports it: `verb` is what it does, `done` how the profile is afterwards. */
export type Change = {
  readonly verb: string;
  readonly done: string;
  readonly run: (es10: Es10Channel, iccid: Iccid) => Promise<void>;
};

type Options = PhoneOptions & { readonly notify: boolean; readonly connect?: string };

/** Sets up `esim phone enable`, `disable` and `delete`, which differ in one command of ES10c only. */
export function configureChange(command: Command, { verb, done, run }: Change): void {
  phoneOptions(command)
    .argument('<iccid>', 'the profile', iccidArgument)
    .option('--no-notify', 'keep the notification on the phone')
    .option('--connect <host:port>', 'connect there, whatever the address says')
    .action(async (iccid: Iccid, options: Options) => {
      await using phone = await openPhone({ dataDir: localConfig().dataDir, name: options.name });
      await failingClearly(`the profile ${iccid} could not be ${done}`, () => run(phone.es10, iccid));
      using lpa = lpaOf(phone, options);
      const sent = options.notify ? (await report(lpa)).sent.length : 0;
      show(
        options,
        { phone: options.name, iccid, done: verb, notifications_sent: sent },
        `The profile ${iccid} is ${done}.`,
      );
    });
}
