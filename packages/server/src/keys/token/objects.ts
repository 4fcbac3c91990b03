import { toHex } from '@esim-rsp/codec';
import type { ObjectAttributes } from './key-uri.ts';
import type { SecretKeySummary } from './messages.ts';
import { attempt, FaultError, type Handle, type Opened } from './module.ts';

/** Objects of a class, with the attributes that are present. */
export function objectsOf(
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
export function attributeOf({ module, session }: Opened, object: Handle, type: number): Buffer | undefined {
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

/** What keys have in common that are found in the same way. */
export type KeyKind = {
  readonly class: 'CKO_PRIVATE_KEY' | 'CKO_SECRET_KEY';
  readonly name: string;
  /** The command that creates one. */
  readonly createdBy: string;
};

/** The one key of its kind with these attributes. */
export function findOne(opened: Opened, kind: KeyKind, which: ObjectAttributes): Handle {
  const { pkcs11, label } = opened;
  const name = describeKey(which);
  const [key, other] = objectsOf(opened, pkcs11[kind.class], which);
  if (key === undefined) {
    const list = objectsOf(opened, pkcs11[kind.class], {}).map((each) => {
      const found = describedIn(opened, each);
      return `'${found.label}' (id ${toHex(found.id)})`;
    });
    throw new FaultError(
      'setting',
      `the token '${label}' has no ${kind.name} with ${name}; it has: ${list.join(', ') || 'none'}. Correct the URI, or create a key: ${kind.createdBy}`,
    );
  }
  if (other !== undefined)
    throw new FaultError(
      'setting',
      `the token '${label}' has several ${kind.name}s with ${name}: add id=… to the URI`,
    );
  return key;
}

/** Throws if the token has a key of that kind with the same label, or with the same id. */
export function mustBeNew(opened: Opened, kind: KeyKind, { object, id }: Required<ObjectAttributes>): void {
  const { pkcs11, label } = opened;
  for (const taken of [{ object }, { id }])
    if (objectsOf(opened, pkcs11[kind.class], taken).length > 0)
      throw new FaultError(
        'setting',
        `the token '${label}' has a ${kind.name} with ${describeKey(taken)} already: choose another --object`,
      );
}

/** What the token says of a key. */
export function describedIn(opened: Opened, key: Handle): SecretKeySummary {
  const { CKA_LABEL, CKA_ID, CKA_EXTRACTABLE } = opened.pkcs11;
  return {
    label: attributeOf(opened, key, CKA_LABEL)?.toString() ?? '',
    id: Uint8Array.from(attributeOf(opened, key, CKA_ID) ?? []),
    extractable: isTrue(attributeOf(opened, key, CKA_EXTRACTABLE)),
  };
}

export function isTrue(value: Buffer | undefined): boolean {
  return value?.[0] === 1;
}
