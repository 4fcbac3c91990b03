import { drawUserId } from '@esim-rsp/server/accounts';
import { settings } from '@esim-rsp/server/settings';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { withLocalStore } from '../../local-store.ts';
import { type Shown, show } from '../../output.ts';
import { valueBy } from '../../values.ts';

type Options = Shown & { readonly userId?: string };

const { read, expected } = settings.ESIM_BOOTSTRAP_USER_ID;
const userIdValue = valueBy((text) => {
  const id = read(text);
  if (id === undefined) throw new ValueError(`${expected} are expected`);
  return id;
});

/** `esim account add`: makes an account in the local data. */
export function configure(command: Command): void {
  command
    .argument('<name>', 'what people call it')
    .option('--user-id <id>', 'its x-user-id; drawn if absent', userIdValue)
    .option('--json', 'write JSON to stdout')
    .action(add);
  examples(command, {
    "esim account add 'Example Mobile'": 'make an account with a drawn user id',
    "esim account add 'Example Mobile' --user-id example": 'make one with this user id',
  });
}

async function add(name: string, options: Options): Promise<void> {
  const id = options.userId ?? drawUserId(systemRandom);
  const createdAt = Math.floor(Date.now() / 1000);
  const outcome = await withLocalStore((store) => store.addAccount({ id, name, createdAt }));
  if (outcome === 'exists') throw new CliError(`there is an account ${id} already: say another --user-id`);
  show(options, { user_id: id, name }, `x-user-id  ${id}\nMake a key for it: esim key create ${id}`);
}
