/** What an API key may do; each scope includes those before it. */
export const scopes = ['read', 'order', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** Whether a key with this scope may call what needs the other. */
export function covers(scope: Scope, needed: Scope): boolean {
  return scopes.indexOf(scope) >= scopes.indexOf(needed);
}
