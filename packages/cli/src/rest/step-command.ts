import type { ApiResponse, ESIMRSPApi, GetEUICCProfileResponse } from '@esim-rsp/sdk';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { examples } from '../command.ts';
import { iccidArgument } from '../values.ts';
import { askApi } from './ask-api.ts';
import { type RestOptions, restOptions } from './options.ts';
import { showOrder } from './order-terms.ts';

export type Step = (api: ESIMRSPApi, iccid: Iccid) => Promise<ApiResponse<GetEUICCProfileResponse>>;

/** A command that changes the state of a profile and needs only its ICCID. */
export function stepCommand(command: Command, name: string, about: string, step: Step): void {
  restOptions(command)
    .argument('<iccid>', 'the profile', iccidArgument)
    .action(async (iccid: Iccid, options: RestOptions) => {
      const { data } = await askApi(options, (api) => step(api, iccid));
      showOrder(options, data);
    });
  examples(command, { [`esim profile ${name} 8900101000000001009`]: about });
}
