import type { CoreKind } from '../../store/ports/gateway/core-networks.ts';
import type { CoreKindClient } from './core-kind.ts';
import { csv, open5gsFile, srsranCsv } from './kinds/files.ts';
import { free5gc } from './kinds/free5gc.ts';
import { magma } from './kinds/magma.ts';
import { open5gs } from './kinds/open5gs.ts';
import { osmohlr } from './kinds/osmohlr.ts';
import { push } from './kinds/push.ts';
import { pyhss } from './kinds/pyhss.ts';

/** Every kind of core network. */
export const coreClients: Readonly<Record<CoreKind, CoreKindClient>> = {
  osmohlr,
  pyhss,
  free5gc,
  open5gs,
  open5gs_file: open5gsFile,
  magma,
  srsran_csv: srsranCsv,
  csv,
  push,
};
