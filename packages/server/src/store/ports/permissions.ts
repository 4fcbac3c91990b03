/** What somebody may do. An API key and a role have a set of them. */
export const permissions = [
  'read',
  'codes',
  'order',
  'support',
  'admin',
  'reveal',
  'care',
  'server',
] as const;
export type Permission = (typeof permissions)[number];

/** Permissions that are a part of another one: who has that one has them too. */
const partOf: Partial<Record<Permission, Permission>> = { reveal: 'codes', care: 'order' };

/** Everything of an account. `server` is not part of it: only the command line on the machine of the server gives it to a first key. */
const all = ['read', 'codes', 'order', 'support', 'admin'] as const satisfies readonly Permission[];

/** Names for the usual sets of permissions. */
export const scopes = {
  read: ['read', 'codes'],
  order: ['read', 'codes', 'order'],
  admin: all,
} as const satisfies Record<string, readonly Permission[]>;
export type Scope = keyof typeof scopes;

/** What people may be: a set of permissions for each role. */
export const roles = {
  viewer: ['read'],
  support: ['read', 'support', 'reveal', 'care'],
  operator: ['read', 'codes', 'order', 'support'],
  admin: all,
} as const satisfies Record<string, readonly Permission[]>;
export type Role = keyof typeof roles;

/** The role that has exactly these permissions, `server` aside, if there is one. */
export function roleOf(owned: readonly Permission[]): Role | undefined {
  return nameOf(
    roles,
    owned.filter((one) => one !== 'server'),
  );
}

/** What an operation needs of a key: all of a list, or one of a list. An empty list: any key is enough. */
export type Needed = readonly Permission[] | { readonly oneOf: readonly Permission[] };

/** Whether a key with these permissions may call what needs the others. */
export function covers(owned: readonly Permission[], needed: Needed): boolean {
  const has = (one: Permission) => {
    const whole = partOf[one];
    return owned.includes(one) || (whole !== undefined && owned.includes(whole));
  };
  return 'oneOf' in needed ? needed.oneOf.some(has) : needed.every(has);
}

/** The name of a set, if it has one. */
export function scopeOf(owned: readonly Permission[]): Scope | undefined {
  return nameOf(scopes, owned);
}

function nameOf<K extends string>(
  sets: Readonly<Record<K, readonly Permission[]>>,
  owned: readonly Permission[],
): K | undefined {
  const names = Object.keys(sets) as K[];
  return names.find(
    (name) => sets[name].length === owned.length && sets[name].every((one) => owned.includes(one)),
  );
}

/** The same set with the parts of its permissions. */
export function withParts(owned: readonly Permission[]): readonly Permission[] {
  return permissions.filter((one) => covers(owned, [one]));
}

/** The permissions that are in a list, in their order and each once. */
export function permissionsIn(words: readonly string[]): readonly Permission[] {
  return permissions.filter((known) => words.includes(known));
}

/** A set in words: its name, or its permissions. */
export function describePermissions(owned: readonly Permission[]): string {
  return scopeOf(owned) ?? (owned.length === 0 ? 'nothing' : owned.join(', '));
}

/** What an operation needs, in words. */
export function describeNeeded(needed: Needed): string {
  return 'oneOf' in needed ? needed.oneOf.join(' or ') : needed.join(' and ');
}
