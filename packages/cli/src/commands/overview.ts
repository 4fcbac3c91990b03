import type { OverviewResponse } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { examples } from '../command.ts';
import { show } from '../output.ts';
import { askApi } from '../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../rest/options.ts';
import { numberFrom } from '../values.ts';

type Options = RestOptions & { readonly days: number; readonly byHour?: true };

/** `esim overview`: the account in numbers. */
export function configure(command: Command): void {
  restOptions(command)
    .option('--days <n>', 'days whose downloads are counted', numberFrom(1, 800), 7)
    .option('--by-hour', 'count them by hour: 33 days at most')
    .action(overview);
  examples(command, {
    'esim overview': 'profiles, stock, downloads of 7 days, and what needs attention',
    'esim overview --days 1 --by-hour --json': 'the same with the downloads of each hour, as JSON',
  });
}

async function overview({ days, byHour, ...options }: Options): Promise<void> {
  const since = new Date(Date.now() - days * 86_400_000).toISOString();
  const { data } = await askApi(options, (api) => api.getOverview({ since, by: byHour ? 'hour' : 'day' }));
  show(options, data, linesOf(data).join('\n'));
}

function linesOf({ profiles, types, downloads, late_deliveries, expiring }: OverviewResponse): string[] {
  const states = Object.entries(profiles.states).map(([state, count]) => `${state} ${count}`);
  const low = types.filter(({ is_low }) => is_low);
  return [
    `profiles   ${[profiles.total, ...states].join('  ')}`,
    `downloads  ${downloads.succeeded} succeeded, ${downloads.failed} failed since ${downloads.since}`,
    ...downloads.reasons.map(({ reason, count }) => {
      const codes = `${reason.subject_code}/${reason.reason_code}`;
      return `failed     ${count} with ${codes} (${reason.message})`;
    }),
    ...low.map(
      ({ profile_type, states: { AVAILABLE = 0 } }) => `low stock  ${profile_type}: ${AVAILABLE} AVAILABLE`,
    ),
    ...late_deliveries.map(
      ({ kind, target, waiting, disabled }) =>
        `late       ${kind} ${target}: ${waiting} messages wait${disabled ? ', disabled' : ''}`,
    ),
    ...expiring.map(({ kind, name, expires_at }) => `expires    ${kind} ${name} at ${expires_at}`),
  ];
}
