import { fromHex } from '@esim-rsp/codec';
import { sql } from 'kysely';
import { type MetadataView, type ProfileView, viewMetadata } from '../../ports/profile-view.ts';
import { type ViewRow, viewColumns, viewFromRow } from '../../rows/profile-view.ts';
import { readByName } from '../../rows/read-by-name.ts';
import type { Opened } from '../../rows/secrets/secret-columns.ts';
import type { Builder } from '../queries.ts';

/** How an engine writes the metadata in hexadecimal digits. */
export type MetadataText = 'hex(metadata)' | "encode(metadata, 'hex')";

/** Selects views of profiles. The metadata comes in hexadecimal digits: engines return a short text faster than a short array. */
export function selectViews(kysely: Builder, metadataText: MetadataText) {
  const metadata = sql<string>`${sql.raw(metadataText)}`.as('metadata');
  return kysely
    .selectFrom('profile')
    .select(viewColumns.map((name) => (name === 'metadata' ? metadata : name)));
}

type HexRow = ViewRow & { readonly metadata: string };
const rowOf = readByName<HexRow>(viewColumns);

export type ViewReaders = {
  readonly withCodes: (values: unknown) => ProfileView;
  readonly withoutCodes: (values: unknown) => ProfileView;
};

/** Read what selectViews selects. A store has few of them, because they remember views of metadata. */
export function viewReaders(opened: Opened): ViewReaders {
  const readMetadata = metadataReader();
  const reader = (withCodes: boolean) => (values: unknown) => {
    const row = rowOf(values);
    return viewFromRow(row, readMetadata(row.metadata), withCodes);
  };
  return { withCodes: opened('profile', reader(true), viewColumns), withoutCodes: reader(false) };
}

const REMEMBERED = 500;

/** Many profiles differ only in their ICCID, so the views of the metadata behind it are remembered. */
function metadataReader(): (hex: string) => MetadataView {
  const remembered = new Map<string, MetadataView>();
  return (hex) => {
    const key = hex.slice(endOfIccid(hex));
    const known = remembered.get(key);
    if (known !== undefined) return known;
    if (remembered.size >= REMEMBERED) remembered.clear();
    const view = viewMetadata(fromHex(hex));
    remembered.set(key, view);
    return view;
  };
}

/** Where the first field of a StoreMetadataRequest ends: two octets of tag, the length, and 12 octets of ICCID. */
function endOfIccid(hex: string): number {
  const first = Number.parseInt(hex.slice(4, 6), 16);
  const lengthOctets = first < 0x80 ? 1 : 1 + (first & 0x7f);
  return 2 * (2 + lengthOctets + 12);
}
