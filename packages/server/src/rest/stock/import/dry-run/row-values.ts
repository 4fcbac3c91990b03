import { hash, randomBytes } from 'node:crypto';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import { hasLabel, type ImportProfileRequest, labels } from '@esim-rsp/smdp/stock/importProfile';
import { viewMetadata } from '../../../../store/ports/profile-view.ts';

/** One value of a Profile: of its content, or a label. */
export type RowValue = {
  readonly name: string;
  readonly value: string | Uint8Array;
  /** Whether the row has it; otherwise it is what a Profile gets without it. */
  readonly isInRow: boolean;
};

/** The values that a row and its Profile have. */
export function valuesOf(request: ImportProfileRequest, { metadata, profileType }: Profile): RowValue[] {
  const view = { ...viewMetadata(metadata), icon: request.icon };
  const ofLabels = labels.map((name) => {
    const value = view[name] ?? '';
    const text = value instanceof Uint8Array || typeof value === 'string' ? value : JSON.stringify(value);
    return { name, value: text, isInRow: hasLabel(request, name) };
  });
  const ofType = { name: 'profileType', value: profileType ?? '', isInRow: profileType !== undefined };
  return [ofType, ...ofLabels, ...contentOf(request)];
}

function contentOf({ content, provided }: ImportProfileRequest): RowValue[] {
  if ('package' in content) return [{ name: 'package', value: content.package, isInRow: true }];
  const values = 'atUpstream' in content ? content.atUpstream : (provided ?? content.parameters);
  return Object.entries(values).map(([name, value]) => {
    const bytesOrText = value instanceof Uint8Array ? value : String(value);
    return { name: `content.${name}`, value: bytesOrText, isInRow: true };
  });
}

/** What is kept of the values of a row: their names, and three characters of the keyed hash of each. */
export type KeptValues = { readonly names: string; readonly hashes: string };

const KEPT = 3;

/** Keeps values as short hashes. The key is random, so that they say nothing about secrets. */
export function startKeeping() {
  const key = randomBytes(32);
  const hashOf = ({ name, value }: Pick<RowValue, 'name' | 'value'>): string =>
    hash('sha256', Buffer.concat([key, Buffer.from(`${name}=`), Buffer.from(value)]), 'buffer').toString(
      'latin1',
      0,
      KEPT,
    );
  const hashFast = rememberLast(hashOf);
  const namesSeen = new Map<string, string>();
  return {
    keep: (values: readonly RowValue[]): KeptValues => {
      const names = values.map(({ name }) => name).join();
      const shared = namesSeen.get(names) ?? names;
      namesSeen.set(shared, shared);
      return { names: shared, hashes: flat(values.map(hashFast).join('')) };
    },
    /** How the values of another row differ from this one; undefined: it has none that this one does not have. */
    differenceOf: ({ names, hashes }: KeptValues, values: readonly RowValue[]) => {
      const kept = names.split(',');
      const keptOf = ({ name }: RowValue) => {
        const at = kept.indexOf(name) * KEPT;
        return at < 0 ? hashOf({ name, value: '' }) : hashes.slice(at, at + KEPT);
      };
      const different = values.filter((one) => one.isInRow && keptOf(one) !== hashOf(one));
      const isOther = different.some((one) => keptOf(one) !== hashOf({ ...one, value: '' }));
      return isOther ? 'other' : different.length > 0 ? 'absent' : undefined;
    },
  };
}

/** Labels are mostly those of the row before: their hashes are not computed again. */
function rememberLast(hashOf: (one: RowValue) => string): (one: RowValue) => string {
  const last = new Map<string, { readonly value: RowValue['value']; readonly hash: string }>();
  return (one) => {
    const before = last.get(one.name);
    if (before !== undefined && before.value === one.value) return before.hash;
    const hash = hashOf(one);
    last.set(one.name, { value: one.value, hash });
    return hash;
  };
}

/** A text without the parts that it was joined from, which would take more memory. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
