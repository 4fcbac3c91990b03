import {
  type CoreColumn,
  type CoreNetworkKind,
  type CreateCoreNetworkRequest,
  coreNetworkKinds,
} from '@esim-rsp/sdk';
import { type Command, Option } from 'commander';
import { examples } from '../../command.ts';
import { type CoreOptions, columnsFrom, coreOptions, coreSettingsIn } from '../../core/settings.ts';
import { coreFields } from '../../core/text.ts';
import { fields, note, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type ServerOptions, serverOf, serverOptions } from '../../rest/options.ts';

type Options = ServerOptions &
  CoreOptions & { readonly kind: CoreNetworkKind; readonly columns?: readonly CoreColumn[] };

/** `esim core add`: creates a core network. */
export function configure(command: Command): void {
  command
    .argument('<name>', 'a name for the core network')
    .addOption(
      new Option('--kind <kind>', 'which program it is').choices(coreNetworkKinds).makeOptionMandatory(),
    );
  command.option('--columns <list>', 'the columns of the file (csv), such as imsi,ki,opc', columnsFrom);
  serverOptions(coreOptions(command)).action(add);
  examples(command, {
    'esim core add hlr --kind osmohlr --url ctrl://10.0.0.5':
      'send subscriptions of released profiles to an OsmoHLR',
    'esim core add lab --kind csv --columns imsi,ki,opc,msisdn --when stocked':
      'write a file on the server, in the folder ESIM_CORE_FILES',
    'esim core add hlr --kind osmohlr --url ctrl://10.0.0.5 --when ordered --types basic,travel --no-remove':
      'those of two types, when they are ordered, and leave them there',
  });
}

async function add(name: string, options: Options): Promise<void> {
  const { kind, columns } = options;
  const settings = await coreSettingsIn(options);
  const of = { name, kind, ...(columns !== undefined && { columns: [...columns] }) };
  const request = { ...of, ...settings } as CreateCoreNetworkRequest;
  const server = serverOf(options);
  const { data } = await askApi(server, (api) => api.createCoreNetwork(request));
  const secret: [string, string][] = data.secret === undefined ? [] : [['secret', data.secret]];
  show(server, data, fields([...coreFields(data), ...secret]));
  if (data.secret !== undefined)
    note('the secret is shown once; the receiver verifies signatures with it (webhooks.unwrap of the SDK)');
}
