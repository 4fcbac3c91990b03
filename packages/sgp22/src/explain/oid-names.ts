import { algorithms, attributeIds, curveIds, extendedKeyUsages, extensionIds, roles } from '../pki/roles.ts';

const roleNames = Object.entries(roles).map(([role, oid]) => [oid, `id-rspRole-${role}`] as const);

const names: ReadonlyMap<string, string> = new Map([
  ...roleNames,
  ...[extensionIds, attributeIds, extendedKeyUsages, algorithms, curveIds].flatMap((ids) =>
    Object.entries(ids).map(([name, oid]) => [oid as string, name] as const),
  ),
]);

/** A dotted OID, followed by its name if RSP defines or uses it. */
export function describeOid(oid: string): string {
  const name = names.get(oid);
  return name === undefined ? oid : `${oid} ${name}`;
}
