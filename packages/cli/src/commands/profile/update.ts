import type { UpdateEUICCProfileRequest } from '@esim-rsp/sdk';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type LabelOptions, labelOptions, labelsFrom } from '../../rest/labels.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { expiryOption, type ReuseOptions, reuseOptions, reusePolicy } from '../../rest/order-terms.ts';
import { readSecret, SECRET_FORMS } from '../../secret-value.ts';
import { iccidArgument, numberFrom } from '../../values.ts';

type Options = RestOptions &
  LabelOptions &
  ReuseOptions & {
    readonly expiresAt?: string;
    readonly attempts?: number;
    /** false: --no-confirmation-code. */
    readonly confirmationCode?: string | false;
  };

/** `esim profile update`: updates the order or the labels of a profile before its download. */
export function configure(command: Command): void {
  const labels = labelOptions(restOptions(command).argument('<iccid>', 'the profile', iccidArgument));
  reuseOptions(expiryOption(labels))
    .option('--attempts <n>', 'number of download attempts that are left', numberFrom(1, 1000))
    .option('--confirmation-code <code>', `code that the user must type on the phone: ${SECRET_FORMS}`)
    .option('--no-confirmation-code', 'remove the confirmation code')
    .action(update);
  examples(command, {
    'esim profile update 8900101000000001009 --expires-at 7d --attempts 5':
      'expires in a week, with five download attempts',
    "esim profile update 8900101000000001009 --profile-name 'Travel 20 GB'":
      'set the name that the phone shows',
    'esim profile update 8900101000000001009 --reuse-type SAME_EID':
      'the same phone may download it again, also if it has the profile already',
  });
}

async function update(iccid: Iccid, options: Options): Promise<void> {
  const { expiresAt, attempts, confirmationCode } = options;
  const code = confirmationCode && (await readSecret('--confirmation-code', confirmationCode));
  const request: UpdateEUICCProfileRequest = {
    ...(await labelsFrom(options)),
    ...(expiresAt !== undefined && { expires_at: expiresAt === 'never' ? null : expiresAt }),
    ...(attempts !== undefined && { download_attempts: attempts }),
    ...(code !== undefined && { confirmation_code: code === false ? null : code }),
    ...reusePolicy(options),
  };
  if (Object.keys(request).length === 0)
    throw new CliError("there is nothing to update: see 'esim profile update --help'", 2);
  const { data } = await askApi(options, (api) => api.updateEUICCProfile(iccid, request));
  show(options, data, `The profile ${iccid} is updated.`);
}
