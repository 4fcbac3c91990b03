import type { Operator, OperatorIdentity } from '@esim-rsp/server/store/ports/operators';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Command } from 'commander';
import { accountFor } from '../../account.ts';
import { CliError, examples } from '../../command.ts';
import { localOnly } from '../../local-only.ts';
import { withLocalStore, writeAuditEntry } from '../../local-store.ts';
import { caIn, operatorJson, pinnedIn } from '../../operator/identity.ts';
import { type ProgressOptions, progressFrom, progressOptions } from '../../operator/progress-options.ts';
import { curlLine } from '../../operator/try-line.ts';
import { note, type OutputOptions, show } from '../../output.ts';
import { valueBy } from '../../values.ts';

type Options = OutputOptions &
  ProgressOptions & {
    readonly name: string;
    readonly user?: string;
    readonly cert?: string;
    readonly ca?: string;
    readonly requesterId?: readonly string[];
  };

/** `esim operator create`: allows an operator to call ES2+. A running server uses it without a restart. */
export function configure(command: Command): void {
  progressOptions(command)
    .requiredOption('--name <name>', 'name of the operator', valueBy(operatorName))
    .option('--user <user-id>', 'account whose profiles it orders; optional if there is only one account')
    .option('--cert <file>', 'TLS client certificate, PEM or DER: accept exactly this one')
    .option('--ca <file>', 'CA certificate, PEM or DER: accept every client certificate of this CA')
    .option(
      '--requester-id <id>',
      'allowed functionRequesterIdentifier, repeatable; default: the name',
      (text: string, earlier: readonly string[] = []) => [...earlier, valueBy(requesterIdentifier)(text)],
    )
    .option('--json', 'write JSON to stdout')
    .action(create);
  examples(command, {
    'esim operator make-cert shop': 'create shop.key and shop.pem for a test',
    'esim operator create --name shop --cert shop.pem': 'accept calls with this certificate',
    'esim operator create --name hub --user hub --ca ca.pem --requester-id 1.2.3':
      'accept all clients of this CA, with an OID as identifier',
    'esim operator create --name shop --cert shop.pem --progress-url https://shop.example.com':
      'and send download notifications to this URL',
  });
  command.addHelpText(
    'after',
    () => `\nThen order a profile:\n${curlLine('shop', { cert: 'shop.pem', key: 'shop.key' })}`,
  );
  localOnly(command, 'POST /operators (createOperator)');
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

async function create(options: Options): Promise<void> {
  const { name, user, cert, requesterId = [name], json } = options;
  const identity = identityIn(options);
  const settings = progressFrom(options, undefined, { from: Date.now() });
  const { operator, iccid } = await withLocalStore(async (store) => {
    const progress = settings && { ...settings, after: await store.lastEventId() };
    const account = accountFor(await store.accounts(), user);
    const createdAt = Math.floor(Date.now() / 1000);
    const operator: Operator = {
      name,
      account,
      identity,
      requesterIdentifiers: requesterId,
      createdAt,
      ...(progress !== undefined && { progress }),
    };
    if ((await store.addOperator(operator)) === 'exists')
      throw new CliError(
        `the operator ${name} already exists: choose another --name, or delete it with 'esim operator delete ${name}'`,
      );
    await writeAuditEntry(store, { account, operation: 'esim operator create', target: name });
    const { profiles } = await store.listProfiles({ account, state: 'AVAILABLE', count: 1, offset: 0 });
    return { operator, iccid: profiles[0]?.iccid };
  });
  show(json ? { json } : {}, operatorJson(operator), name);
  if (json) return;
  const files = { cert: cert ?? '<certificate in PEM>', key: cert?.replace(/(\.\w+)?$/, '.key') ?? '<key>' };
  note(`the operator can now order profiles of ${operator.account}, for example:`);
  note(curlLine(requesterId[0] ?? name, files, iccid));
}

function identityIn({ cert, ca }: Options): OperatorIdentity {
  if (cert !== undefined && ca === undefined) return pinnedIn(cert);
  if (ca !== undefined && cert === undefined) return caIn(ca);
  throw new CliError('use either --cert or --ca', 2);
}
