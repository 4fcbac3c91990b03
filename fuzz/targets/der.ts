import { concat, DerError, decode, encode, equal, readAll, type Tlv, type Type } from '@esim-rsp/codec';
import * as authentication from '@esim-rsp/sgp22/asn1/authentication';
import * as boundProfilePackage from '@esim-rsp/sgp22/asn1/bound-profile-package';
import * as common from '@esim-rsp/sgp22/asn1/common';
import * as downloading from '@esim-rsp/sgp22/asn1/download';
import * as es10 from '@esim-rsp/sgp22/asn1/es10';
import * as euiccInfo from '@esim-rsp/sgp22/asn1/euicc-info';
import * as notification from '@esim-rsp/sgp22/asn1/notification';
import * as pkix from '@esim-rsp/sgp22/asn1/pkix';
import { EUICCResponse } from '@esim-rsp/sgp22/profile/euicc-response';
import { commands } from '../moments.ts';
import { behindSelector, mutateDer } from '../mutate.ts';
import { published } from '../published.ts';
import { allowing, must, type Target } from '../target.ts';

const modules = [
  authentication,
  boundProfilePackage,
  common,
  downloading,
  es10,
  euiccInfo,
  notification,
  pkix,
];

/** All ASN.1 types of the messages, by name. */
const types: readonly (readonly [string, Type<unknown>])[] = modules
  .flatMap((module): [string, unknown][] => Object.entries(module))
  .filter((entry): entry is [string, Type<unknown>] => isType(entry[1]))
  .concat([['EUICCResponse', EUICCResponse as Type<unknown>]]);

function isType(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'tags' in value && 'read' in value;
}

/** The first octet selects the type of the rest. A value that can be read must be the same after writing and reading it again. */
export const der: Target = {
  name: 'der',
  open: async () => {
    const { seen } = await commands();
    const messages = [
      ...seen.flatMap(({ command, data }) => [command, data]),
      ...published('session'),
      ...published('sgp26'),
    ];
    return {
      seeds: seedsIn(messages),
      mutate: behindSelector(mutateDer, types.length),
      run: (input) => {
        const [name, type] = types[(input[0] ?? 0) % types.length] as (typeof types)[number];
        const value = allowing([DerError], () => ({ read: decode(type, input.subarray(1)) }));
        if (value === undefined) return;
        const written = encode(type, value.read);
        const again = encode(type, decode(type, written));
        must(equal(written, again), `${name} is written differently after it was read again`);
      },
    };
  },
};

/** For each type, up to four TLVs of the messages that can be read as this type. */
function seedsIn(messages: readonly Uint8Array[]): Uint8Array[] {
  const tlvs = messages.flatMap(
    (message) => allowing([DerError], () => readAll(message).flatMap(nested)) ?? [],
  );
  return types.flatMap(([, type], at) => {
    const fit = tlvs
      .values()
      .filter(({ tag }) => type.tags.includes(tag))
      .filter(({ bytes }) => allowing([DerError], () => [decode(type, bytes)]) !== undefined);
    return [...fit.take(4)].map(({ bytes }) => concat(Uint8Array.of(at), bytes));
  });
}

function nested(tlv: Tlv): Tlv[] {
  if (!tlv.constructed) return [tlv];
  return [tlv, ...(allowing([DerError], () => tlv.children()) ?? []).flatMap(nested)];
}
