import type { Account } from '@esim-rsp/server/store/ports/accounts';
import { CliError } from './command.ts';

/** The account that a command is for: the one that `user` names, or the only one. Throws a CliError that says what to do. */
export function accountFor(accounts: readonly Account[], user: string | undefined): string {
  const [only, ...others] = accounts;
  if (user === undefined && only !== undefined && others.length === 0) return only.id;
  if (user === undefined)
    throw new CliError(`there are ${accounts.length} accounts: select one with --user`, 2);
  if (accounts.some(({ id }) => id === user)) return user;
  throw new CliError(
    `there is no account ${user}: 'esim account list' shows yours, 'esim account create' creates one`,
  );
}
