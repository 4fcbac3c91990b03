import { ppkFromBytes, ppkToBytes } from '@esim-rsp/sgp22/bpp/session-keys';
import { makeUnprintable } from '@esim-rsp/sgp22/crypto/secret';
import { otaKeysFrom, type ProfileParameters } from '@esim-rsp/sgp22/profile/build';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { type ProfileContent, packageContent } from '@esim-rsp/smdp/state/content';
import { bytesFromText, bytesToText } from './bytes-text.ts';
import type { Columns, Row } from './column-types.ts';
import { required } from './required.ts';

/** Either package or parameters is NULL. */
export const contentColumns = {
  iccid: 'text',
  /** Protected, where ppk is there. */
  package: 'secret bytes?',
  /** JSON. */
  parameters: 'secret text?',
  ppk: 'secret bytes?',
} as const satisfies Columns;
export type ContentRow = Row<typeof contentColumns>;

export function contentToRow(iccid: Iccid, content: ProfileContent): ContentRow {
  if ('parameters' in content)
    return { iccid, package: null, parameters: bytesToText(content.parameters), ppk: null };
  if ('package' in content) return { iccid, package: content.package, parameters: null, ppk: null };
  return { iccid, package: content.sequenceOf86, parameters: null, ppk: ppkToBytes(content.ppk) };
}

/** Older versions stored the first keyset as 48 octets. */
type StoredParameters = ProfileParameters & { readonly isdKeys?: Uint8Array };

export function contentFromRow(row: ContentRow): ProfileContent {
  if (row.package !== null)
    return row.ppk === null
      ? packageContent(row.package)
      : { ppk: ppkFromBytes(row.ppk), sequenceOf86: row.package };
  const { isdKeys, ...parameters } = bytesFromText(required(row, 'parameters')) as StoredParameters;
  const keys = isdKeys === undefined ? {} : otaKeysFrom(isdKeys);
  return { parameters: makeUnprintable('ProfileParameters', { ...parameters, ...keys }) };
}
