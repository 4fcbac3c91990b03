import { equal, oidContent } from '@esim-rsp/codec';
import type { Curve } from '@esim-rsp/sgp22/crypto/ecdsa';
import { curveIds } from '@esim-rsp/sgp22/pki/roles';
import type { ObjectAttributes } from './key-uri.ts';
import type { KeySummary, PublicPart, TokenCalls } from './messages.ts';
import { attempt, FaultError, type Handle, type Opened } from './module.ts';
import {
  attributeOf,
  describedIn,
  describeKey,
  findOne,
  isTrue,
  type KeyKind,
  mustBeNew,
  objectsOf,
} from './objects.ts';

/** Key pairs in a token, which sign. */

const PRIVATE_KEY: KeyKind = {
  class: 'CKO_PRIVATE_KEY',
  name: 'private key',
  createdBy: 'esim pki create-key',
};

/** A private key and its public key. */
export type FoundPair = { readonly key: Handle; readonly publicPart: PublicPart };

/** The one private key with these attributes. */
export function findKey(opened: Opened, which: ObjectAttributes): FoundPair {
  const key = findOne(opened, PRIVATE_KEY, which);
  const publicPart = publicPartOf(opened, key);
  if (publicPart === undefined)
    throw new FaultError(
      'setting',
      `the key with ${describeKey(which)} in the token '${opened.label}' has no public key on P-256 or brainpoolP256r1 next to it: create its public key object with the same id`,
    );
  return { key, publicPart };
}

/** The public key, from the private key object or from the public one with the same id. */
function publicPartOf(opened: Opened, key: Handle): PublicPart | undefined {
  const { CKA_EC_PARAMS, CKA_EC_POINT, CKA_ID, CKO_PUBLIC_KEY } = opened.pkcs11;
  const id = attributeOf(opened, key, CKA_ID);
  const twins = id === undefined || id.length === 0 ? [] : objectsOf(opened, CKO_PUBLIC_KEY, { id });
  const curve = curveOf(attributeOf(opened, key, CKA_EC_PARAMS));
  for (const object of [key, ...twins]) {
    const point = pointOf(attributeOf(opened, object, CKA_EC_POINT));
    if (curve !== undefined && point !== undefined) return { curve, point };
  }
  return undefined;
}

function parametersOf(curve: Curve): Buffer {
  const content = oidContent(curveIds[curve]);
  return Buffer.from([0x06, content.length, ...content]);
}

function curveOf(parameters: Buffer | undefined): Curve | undefined {
  if (parameters === undefined) return undefined;
  return (Object.keys(curveIds) as Curve[]).find((curve) => equal(parameters, parametersOf(curve)));
}

/** The point is in an OCTET STRING; some modules leave that out. */
function pointOf(value: Buffer | undefined): Uint8Array | undefined {
  const point = value?.length === 67 && value[0] === 0x04 && value[1] === 65 ? value.subarray(2) : value;
  return point?.length === 65 && point[0] === 0x04 ? Uint8Array.from(point) : undefined;
}

export function listKeys(opened: Opened): KeySummary[] {
  const { CKO_PRIVATE_KEY, CKA_SENSITIVE } = opened.pkcs11;
  return objectsOf(opened, CKO_PRIVATE_KEY, {}).map((key) => {
    const publicPart = publicPartOf(opened, key);
    return {
      ...describedIn(opened, key),
      ...(publicPart !== undefined && { publicPart }),
      sensitive: isTrue(attributeOf(opened, key, CKA_SENSITIVE)),
    };
  });
}

/** Creates a key pair that cannot leave the token. */
export function generate(
  opened: Opened,
  { curve, object, id }: TokenCalls['generate']['request'],
): PublicPart {
  const { pkcs11, module, session, label } = opened;
  mustBeNew(opened, PRIVATE_KEY, { object, id });
  const both = [
    { type: pkcs11.CKA_TOKEN, value: true },
    { type: pkcs11.CKA_LABEL, value: object },
    { type: pkcs11.CKA_ID, value: Buffer.from(id) },
  ];
  attempt(`the token '${label}' creates no key pair on ${curve}`, () =>
    module.C_GenerateKeyPair(
      session,
      { mechanism: pkcs11.CKM_EC_KEY_PAIR_GEN },
      [
        ...both,
        { type: pkcs11.CKA_VERIFY, value: true },
        { type: pkcs11.CKA_EC_PARAMS, value: parametersOf(curve) },
      ],
      [
        ...both,
        { type: pkcs11.CKA_PRIVATE, value: true },
        { type: pkcs11.CKA_SENSITIVE, value: true },
        { type: pkcs11.CKA_EXTRACTABLE, value: false },
        { type: pkcs11.CKA_SIGN, value: true },
      ],
    ),
  );
  return findKey(opened, { object, id }).publicPart;
}
