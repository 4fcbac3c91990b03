/** The target of a request in origin form: clients that take the server for their proxy send it in absolute form (RFC 9112 3.2.2). */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const authority = /^https?:\/\/[^/?#]*/i.exec(target)?.[0];
  if (authority === undefined) return target;
  const rest = target.slice(authority.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** The target as the routes know it: in origin form, and without a slash at the end of its path. */
export function targetOf(target: string): string {
  return originForm(target).replace(/^([^?]*[^/?])\/(?=\?|$)/, '$1');
}

/** The path of a target, without its query. */
export function pathOf(target: string): string {
  return targetOf(target).split('?', 1)[0] ?? '';
}
