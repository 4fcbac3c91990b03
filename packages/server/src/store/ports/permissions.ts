/** What an API key may do. A key has a set of them, and none includes another. */
export const permissions = ['read', 'codes', 'order', 'support', 'admin'] as const;
export type Permission = (typeof permissions)[number];

/** Names for the usual sets of permissions. */
export const scopes = {
  read: ['read', 'codes'],
  order: ['read', 'codes', 'order'],
  admin: permissions,
} as const satisfies Record<string, readonly Permission[]>;
export type Scope = keyof typeof scopes;

/** What an operation needs of a key: all of a list, or one of a list. An empty list: any key is enough. */
export type Needed = readonly Permission[] | { readonly oneOf: readonly Permission[] };

/** Whether a key with these permissions may call what needs the others. */
export function covers(owned: readonly Permission[], needed: Needed): boolean {
  return 'oneOf' in needed
    ? needed.oneOf.some((one) => owned.includes(one))
    : needed.every((one) => owned.includes(one));
}

/** The name of a set, if it has one. */
export function scopeOf(owned: readonly Permission[]): Scope | undefined {
  const names = Object.keys(scopes) as Scope[];
  return names.find((name) => scopes[name].length === owned.length && covers(owned, scopes[name]));
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
