import type { OpenIdSettings } from '../../rest/openid/provider.ts';
import { type Role, roles } from '../../store/ports/permissions.ts';

/** The settings of the OpenID provider as they are written. */
export type OpenIdVariables = {
  readonly issuer: URL | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly scopes: string;
  readonly name: string | undefined;
  readonly account: string | undefined;
  readonly roleClaim: string | undefined;
  readonly roleMap: ReadonlyMap<string, Role> | undefined;
  readonly consoleUrl: string | undefined;
};

/** The settings together; without an issuer there is no provider. `report`: takes each problem, a sentence. */
export function readOpenIdSettings(
  variables: OpenIdVariables,
  report: (problem: string) => void,
): OpenIdSettings | undefined {
  const { issuer, clientId, clientSecret, scopes, account, roleClaim, roleMap } = variables;
  if (issuer === undefined) {
    if (clientId !== undefined)
      report('ESIM_OIDC_CLIENT_ID is set without ESIM_OIDC_ISSUER: both are expected');
    return undefined;
  }
  if (clientId === undefined) report('ESIM_OIDC_CLIENT_ID is not set: with ESIM_OIDC_ISSUER, it is expected');
  if (account === undefined)
    report('ESIM_OIDC_ACCOUNT is not set: with ESIM_OIDC_ISSUER, the account of its people is expected');
  if (variables.consoleUrl === undefined)
    report('ESIM_CONSOLE_URL is not set: with ESIM_OIDC_ISSUER, the address of the console is expected');
  if ((roleClaim === undefined) !== (roleMap === undefined))
    report('one of ESIM_OIDC_ROLE_CLAIM and ESIM_OIDC_ROLES is set: both are expected');
  if (clientId === undefined || account === undefined) return undefined;
  return {
    ...{ issuer, clientId, scopes, account },
    ...(clientSecret !== undefined && { clientSecret }),
    name: variables.name ?? issuer.hostname,
    ...(roleClaim !== undefined &&
      roleMap !== undefined && { roles: { claim: roleClaim, byValue: roleMap } }),
  };
}

/** The address of a provider. http is for one on this machine only. */
export function parseIssuer(text: string): URL | undefined {
  const url = URL.parse(text);
  if (url === null || text.length > 256 || url.username + url.password + url.search + url.hash !== '')
    return undefined;
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal) ? url : undefined;
}

/** value=role, with commas between them. */
export function parseRoleMap(text: string): ReadonlyMap<string, Role> | undefined {
  const pairs = text.split(',').map((pair) => pair.trim());
  const found = pairs.map((pair) => [
    pair.slice(0, pair.lastIndexOf('=')),
    pair.slice(pair.lastIndexOf('=') + 1),
  ]);
  const isRole = (name: string | undefined): name is Role => name !== undefined && Object.hasOwn(roles, name);
  const map = new Map<string, Role>();
  for (const [value, role] of found) {
    if (value === undefined || value === '' || !isRole(role)) return undefined;
    map.set(value, role);
  }
  return map;
}
