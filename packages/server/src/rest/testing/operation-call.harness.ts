import type { LightMyRequestResponse } from 'fastify';
import type { Operation } from '../frame/operation.ts';
import { exampleOf } from '../openapi/openapi-examples.ts';
import { serverKey } from '../openapi/openapi-tries-operators.harness.ts';
import type { Try } from '../openapi/openapi-try.testdata.ts';
import type { RestTest } from './rest.harness.ts';

/** Calls an operation; what is not given is an example, so that nothing else is wrong. By a key that may call it, unless headers say another one. */
export async function callOperation(
  api: RestTest,
  operation: Operation,
  given: Try & { by?: null; payload?: string | Buffer } = {},
): Promise<LightMyRequestResponse> {
  const { method, url, params, body } = operation;
  const examples = (params && exampleOf(params)) as Record<string, string> | undefined;
  const path = url.replace(/:(\w+)/g, (_, name) =>
    encodeURIComponent(given.path?.[name] ?? examples?.[name] ?? 'none'),
  );
  const payload = given.payload ?? given.body ?? (body && (exampleOf(body) as object));
  return api.call(path + (given.query ?? ''), {
    method,
    ...('by' in given && { by: null }),
    ...(payload !== undefined && { payload }),
    headers: { ...('by' in given ? {} : await headersFor(api, operation)), ...given.headers },
  });
}

const serverKeys = new WeakMap<RestTest, Record<string, string>>();

/** Of a key that may do what the key of anna may not: change what concerns the whole server. */
export async function headersFor(
  api: RestTest,
  { permissions }: Pick<Operation, 'permissions'>,
): Promise<Record<string, string>> {
  if ('oneOf' in permissions || !permissions.includes('server')) return {};
  const headers = serverKeys.get(api) ?? (await serverKey(api));
  serverKeys.set(api, headers);
  return headers;
}
