import { json } from './answer.ts';
import type { Configuration } from './configuration.ts';
import type { ApiResponse } from './errors.ts';
import { type Method, type RequestOptions, send } from './request.ts';

/** Sends a request whose answer is JSON. */
export async function ask<T>(
  configuration: Configuration,
  method: Method,
  path: string,
  options: RequestOptions,
  body?: object,
): Promise<ApiResponse<T>> {
  const call = { method, path, accept: 'application/json', ...(body && { body }) };
  return json<T>(await send(configuration, call, options));
}

/** Sends a DELETE. */
export async function askToDelete(
  configuration: Configuration,
  path: string,
  options: RequestOptions,
): Promise<ApiResponse<undefined>> {
  const answer = await send(configuration, { method: 'DELETE', path, accept: 'application/json' }, options);
  return { ...answer, data: undefined };
}

/** The query string of the parameters that are present. */
export function query(parameters: Record<string, string | number | undefined>): string {
  const present = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return present.length === 0 ? '' : `?${new URLSearchParams(present)}`;
}
