import type { CoreKind } from '../../store/ports/gateway/core-networks.ts';

/** Settings that only some kinds have, by their names in REST. */
export const kindMembers = [
  'url',
  'ca',
  'user',
  'password',
  'token',
  'client_certificate',
  'client_key',
  'secret',
  'network',
  'plmn',
  'columns',
] as const;
export type KindMember = (typeof kindMembers)[number];

type Members = {
  /** How its URL begins; empty: it has none. */
  readonly schemes: readonly string[];
  readonly needs: readonly KindMember[];
  readonly may: readonly KindMember[];
};

const HTTP = ['https:', 'http:'];

/** What each kind needs and may have. */
export const membersOf: Readonly<Record<CoreKind, Members>> = {
  osmohlr: { schemes: ['ctrl:'], needs: ['url'], may: [] },
  pyhss: { schemes: HTTP, needs: ['url'], may: ['token', 'ca'] },
  free5gc: { schemes: HTTP, needs: ['url', 'user', 'password'], may: ['plmn', 'ca'] },
  open5gs: { schemes: ['mongodb:'], needs: ['url'], may: ['user', 'password'] },
  open5gs_file: { schemes: [], needs: [], may: [] },
  magma: {
    schemes: ['https:'],
    needs: ['url', 'client_certificate', 'client_key', 'network'],
    may: ['ca'],
  },
  srsran_csv: { schemes: [], needs: [], may: [] },
  csv: { schemes: [], needs: ['columns'], may: [] },
  push: { schemes: HTTP, needs: ['url'], may: ['secret', 'ca'] },
};
