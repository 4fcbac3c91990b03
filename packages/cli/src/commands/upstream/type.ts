import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { numberFrom } from '../../values.ts';

type Options = RestOptions & {
  readonly vendorType?: string;
  readonly keepReady?: number;
  readonly batch?: number;
  readonly readyDays?: number;
  readonly delete?: true;
};

/** `esim upstream type`: says that a profile type comes from an upstream. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<name>', 'the upstream')
    .argument('<type>', 'the profile type')
    .option('--vendor-type <type>', 'what the vendor calls the type; by default the same')
    .option(
      '--keep-ready <n>',
      'when fewer than this are ready, order a batch more there ahead, 0 to 1000; without it, none',
      numberFrom(0, 1000),
    )
    .option(
      '--batch <n>',
      'how many more, 1 to 1000; without it, as many as --keep-ready',
      numberFrom(1, 1000),
    )
    .option(
      '--ready-days <n>',
      'cancel there what is ready for longer, and order another one; without it, never',
      numberFrom(0, 3650),
    )
    .option('--delete', 'the type does not come from this upstream any more')
    .action(type);
  examples(command, {
    'esim upstream type vendor travel --vendor-type TRAVEL-10GB':
      'profiles of the type travel come from there',
    'esim upstream type vendor travel --keep-ready 10 --batch 30':
      'below 10 that are ready, 30 more are ordered ahead',
    'esim upstream type vendor travel --delete': 'not any more',
  });
}

async function type(name: string, profileType: string, all: Options): Promise<void> {
  const { vendorType, keepReady, batch, readyDays, delete: isDeleted, ...options } = all;
  const settings = {
    ...(vendorType !== undefined && { vendor_type: vendorType }),
    ...(keepReady !== undefined && { keep_ready: keepReady }),
    ...(batch !== undefined && { batch }),
    ...(readyDays !== undefined && { ready_days: readyDays }),
  };
  if (isDeleted && Object.keys(settings).length > 0)
    throw new CliError('use --delete without the options of a type', 2);
  if (isDeleted) {
    await askApi(options, (api) => api.deleteUpstreamType(name, profileType));
    return show(
      options,
      { deleted: profileType },
      `The type ${profileType} does not come from ${name} any more.`,
    );
  }
  const request = { profile_type: profileType, ...settings };
  const { data } = await askApi(options, (api) => api.setUpstreamType(name, request));
  const ahead =
    data.keep_ready === 0
      ? ''
      : ` Below ${data.keep_ready} that are ready, ${data.batch} more are ordered ahead.`;
  show(
    options,
    data,
    `The type ${profileType} comes from ${name}, which calls it ${data.vendor_type}.${ahead}`,
  );
}
