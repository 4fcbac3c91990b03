import { ApiError, type ESIMRSPApi } from '@esim-rsp/sdk';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { note } from '../output.ts';

/** Says how many refused calls named a profile without proof: they are no events of it. A key that may not list them gets no note. */
export async function noteUnprovenCalls(api: ESIMRSPApi, iccid: Iccid): Promise<void> {
  const count = await countCalls(api, iccid);
  if (count === 0) return;
  const calls = count === 1 ? '1 refused call names' : `${count} refused calls name`;
  note(`${calls} this profile, unproven; to see more: esim session list --iccid ${iccid}`);
}

async function countCalls(api: ESIMRSPApi, iccid: Iccid): Promise<number> {
  try {
    return (await api.listRefusedCalls({ iccid, count: 1000 })).data.calls.length;
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return 0;
    throw error;
  }
}
