import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { note } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';

const columns: Columns = {
  names: ['iccid', 'state', 'found by', 'imsi', 'msisdn', 'type', 'eid'],
  dropFirst: ['type', 'eid', 'msisdn'],
  none: 'no profile has this number or code',
};

/** `esim profile find`: finds profiles by whatever number a customer reads out. */
export function configure(command: Command): void {
  tableOptions(restOptions(command), columns)
    .argument('<text>', 'ICCID, IMSI, phone number, EID, MatchingID or activation code')
    .action(find);
  examples(command, {
    'esim profile find +4915123456789': 'by phone number',
    'esim profile find 89001010000': 'by the beginning of an ICCID',
  });
}

async function find(text: string, options: RestOptions & TableOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.search({ q: text }));
  const rows = data.results.map(({ found_by, profile }) => [
    profile.iccid,
    profile.state,
    found_by,
    profile.imsi,
    profile.msisdn ?? '-',
    profile.profile_type ?? '-',
    profile.eid ?? '-',
  ]);
  showTable(options, data, columns, rows);
  if (data.more && !options.json) note("there may be more: 'esim profile list' shows all of them");
}
