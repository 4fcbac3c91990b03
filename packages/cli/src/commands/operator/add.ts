import type { Operator } from '@esim-rsp/server/store/operators/port';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { withLocalStore } from '../../local-store.ts';
import { caIn, pinnedIn, shownOperator } from '../../operator/identity.ts';
import { curlLine } from '../../operator/try-line.ts';
import { note, type Shown, show } from '../../output.ts';
import { valueBy } from '../../values.ts';

type Options = Shown & {
  readonly name: string;
  readonly user: string;
  readonly cert?: string;
  readonly ca?: string;
  readonly requesterId?: readonly string[];
};

/** `esim operator add`: lets an operator call ES2+. A running server takes notice by itself. */
export function configure(command: Command): void {
  command
    .requiredOption('--name <name>', 'what the operator is called here', valueBy(operatorName))
    .requiredOption('--user <user-id>', 'the account whose profiles it orders')
    .option('--cert <file>', 'its TLS client certificate, PEM or DER: exactly this one is let in')
    .option(
      '--ca <file>',
      'the certificate of its CA, PEM or DER: every client certificate under it is let in',
    )
    .option(
      '--requester-id <id>',
      'what it calls itself in functionRequesterIdentifier, repeatable; the name if absent',
      (text: string, earlier: readonly string[] = []) => [...earlier, valueBy(requesterIdentifier)(text)],
    )
    .option('--json', 'write JSON to stdout')
    .action(add);
  examples(command, {
    'esim operator make-cert shop': 'make shop.key and shop.pem to try it with',
    'esim operator add --name shop --user operator --cert shop.pem': 'let the holder of shop.key in',
    'esim operator add --name hub --user hub --ca hub-ca.pem --requester-id 1.3.6.1.4.1.99999.1':
      'let in whom the CA of the hub certifies, under its OID',
  });
  command.addHelpText(
    'after',
    () => `\nThen order a profile:\n${curlLine('shop', { cert: 'shop.pem', key: 'shop.key' })}`,
  );
}

function operatorName(text: string): string {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(text))
    throw new ValueError("1 to 64 letters, digits, '.', '_' and '-' are expected");
  return text;
}

function requesterIdentifier(text: string): string {
  if (!/^[\x21-\x7e]{1,255}$/.test(text))
    throw new ValueError('1 to 255 visible ASCII characters are expected');
  return text;
}

async function add({ name, user, cert, ca, requesterId = [name], json }: Options): Promise<void> {
  if ((cert === undefined) === (ca === undefined)) throw new CliError('give either --cert or --ca', 2);
  const operator: Operator = {
    name,
    account: user,
    identity: cert === undefined ? caIn(ca as string) : pinnedIn(cert),
    requesterIdentifiers: [...new Set(requesterId)],
    createdAt: Math.floor(Date.now() / 1000),
  };
  const outcome = await withLocalStore(async (store) => {
    if (!(await store.accounts()).some(({ id }) => id === user))
      throw new CliError(`there is no account ${user}: make one with 'esim account add'`);
    return store.addOperator(operator);
  });
  if (outcome === 'exists')
    throw new CliError(
      `there is an operator ${name} already: choose another --name, or remove it with 'esim operator remove ${name}'`,
    );
  show(json ? { json } : {}, shownOperator(operator), name);
  if (json) return;
  const files = { cert: cert ?? '<certificate in PEM>', key: cert?.replace(/(\.\w+)?$/, '.key') ?? '<key>' };
  note(`the operator may call ES2+ now, for profiles of ${user}:`);
  note(curlLine(operator.requesterIdentifiers[0] ?? name, files));
}
