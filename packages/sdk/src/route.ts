import type { Configuration } from './configuration.ts';
import type { ApiResponse } from './errors.ts';
import { json } from './http/answer.ts';
import { send } from './http/exchange.ts';
import { query, type RequestOptions } from './http/request.ts';
import { iterable } from './paging.ts';
import { required, segment } from './path.ts';

/** Calls a route that answers with JSON. The answer of a GET can be iterated. */
export function callForJson(
  configuration: Configuration,
  name: string,
  route: string,
  args: readonly unknown[],
): Promise<ApiResponse<object>> {
  const ask = async (some: readonly unknown[]) =>
    json<object>(await callRoute(configuration, name, route, some));
  if (!route.startsWith('GET')) return ask(args);
  const place = route.split('{').length - 1;
  const next = (cursor: string) => {
    const more = [...args];
    more[place] = { ...(args[place] as object), cursor, offset: undefined };
    return ask(more);
  };
  return iterable(ask(args), next);
}

/** Calls a route; its arguments are those that `routes` describes. */
export async function callRoute(
  configuration: Configuration,
  name: string,
  route: string,
  args: readonly unknown[],
  accept = 'application/json',
): Promise<ApiResponse<Blob>> {
  const [, method = '', template = '', mark] = /^(\w+) (.+?)([!?]?)$/.exec(route) ?? [];
  const rest = [...args];
  const path = template.replace(/\{(\w+)\}/g, (_, parameter) => segment(rest.shift(), parameter, name));
  const request = mark && (rest.shift() as object | undefined);
  if (mark === '!') required(request, 'request', name);
  const content =
    method === 'GET' || method === 'DELETE'
      ? { path: path + query(request || {}) }
      : { path, ...(mark && { body: JSON.stringify(request ?? {}), type: 'application/json' }) };
  return send(configuration, { name, method, accept, ...content }, (rest[0] as RequestOptions) ?? {});
}
