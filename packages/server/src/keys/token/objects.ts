import { equal, oidContent, toHex } from '@esim-rsp/codec';
import type { Curve } from '@esim-rsp/sgp22/crypto/ecdsa';
import { curveIds } from '@esim-rsp/sgp22/pki/roles';
import type { ObjectAttributes } from './key-uri.ts';
import type { KeySummary, PublicPart, TokenCalls } from './messages.ts';
import { attempt, FaultError, type Handle, type Opened } from './module.ts';

/** Objects of a class, with the attributes that are present. */
function objectsOf(
  { pkcs11, module, session }: Opened,
  kind: number,
  { object, id }: ObjectAttributes,
): Handle[] {
  const template = [
    { type: pkcs11.CKA_CLASS, value: kind },
    ...(object === undefined ? [] : [{ type: pkcs11.CKA_LABEL, value: object }]),
    ...(id === undefined ? [] : [{ type: pkcs11.CKA_ID, value: Buffer.from(id) }]),
  ];
  return attempt('the objects of the token cannot be listed', () => {
    module.C_FindObjectsInit(session, template);
    try {
      return module.C_FindObjects(session, MOST_OBJECTS);
    } finally {
      module.C_FindObjectsFinal(session);
    }
  });
}

const MOST_OBJECTS = 1000;

/** The value of an attribute; undefined if the object has none. */
function attributeOf({ module, session }: Opened, object: Handle, type: number): Buffer | undefined {
  try {
    const [attribute] = module.C_GetAttributeValue(session, object, [{ type }]);
    return attribute?.value as Buffer | undefined;
  } catch {
    return undefined;
  }
}

export function describeKey(which: ObjectAttributes): string {
  const parts = [
    ...(which.object === undefined ? [] : [`label '${which.object}'`]),
    ...(which.id === undefined ? [] : [`id ${toHex(which.id)}`]),
  ];
  return parts.join(' and ');
}

/** A private key and its public key. */
export type FoundPair = { readonly key: Handle; readonly publicPart: PublicPart };

/** The one private key with these attributes. */
export function findKey(opened: Opened, which: ObjectAttributes): FoundPair {
  const name = describeKey(which);
  const [key, other] = objectsOf(opened, opened.pkcs11.CKO_PRIVATE_KEY, which);
  const { label } = opened;
  if (key === undefined) {
    const list = listKeys(opened).map((each) => `'${each.label}' (id ${toHex(each.id)})`);
    throw new FaultError(
      'setting',
      `the token '${label}' has no private key with ${name}; it has: ${list.join(', ') || 'none'}. Correct the URI, or create a key: esim pki create-key`,
    );
  }
  if (other !== undefined)
    throw new FaultError(
      'setting',
      `the token '${label}' has several private keys with ${name}: add id=… to the URI`,
    );
  const publicPart = publicPartOf(opened, key);
  if (publicPart === undefined)
    throw new FaultError(
      'setting',
      `the key with ${name} in the token '${label}' has no public key on P-256 or brainpoolP256r1 next to it: create its public key object with the same id`,
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
  const { CKO_PRIVATE_KEY, CKA_LABEL, CKA_ID, CKA_EXTRACTABLE, CKA_SENSITIVE } = opened.pkcs11;
  return objectsOf(opened, CKO_PRIVATE_KEY, {}).map((key) => {
    const publicPart = publicPartOf(opened, key);
    return {
      label: attributeOf(opened, key, CKA_LABEL)?.toString() ?? '',
      id: Uint8Array.from(attributeOf(opened, key, CKA_ID) ?? []),
      ...(publicPart !== undefined && { publicPart }),
      extractable: isTrue(attributeOf(opened, key, CKA_EXTRACTABLE)),
      sensitive: isTrue(attributeOf(opened, key, CKA_SENSITIVE)),
    };
  });
}

function isTrue(value: Buffer | undefined): boolean {
  return value?.[0] === 1;
}

/** Creates a key pair that cannot leave the token. */
export function generate(
  opened: Opened,
  { curve, object, id }: TokenCalls['generate']['request'],
): PublicPart {
  const { pkcs11, module, session, label } = opened;
  for (const taken of [{ object }, { id }])
    if (objectsOf(opened, pkcs11.CKO_PRIVATE_KEY, taken).length > 0)
      throw new FaultError(
        'setting',
        `the token '${label}' has a private key with ${describeKey(taken)} already: choose another --object`,
      );
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
