/** What an API key may do; each may do what those before it may. */
export const scopes = ['read', 'order', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** Whether a key of this scope may do what needs that one. */
export function covers(scope: Scope, needed: Scope): boolean {
  return scopes.indexOf(scope) >= scopes.indexOf(needed);
}
