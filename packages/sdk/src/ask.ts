import { json } from './answer.ts';
import type { Configuration } from './configuration.ts';
import type { ApiResponse } from './errors.ts';
import { type Method, type RequestOptions, send } from './request.ts';

/** Asks for JSON. */
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

/** Asks for something to be removed. */
export async function askToDelete(
  configuration: Configuration,
  path: string,
  options: RequestOptions,
): Promise<ApiResponse<undefined>> {
  const answer = await send(configuration, { method: 'DELETE', path, accept: 'application/json' }, options);
  return { ...answer, data: undefined };
}

/** A query of what is given. */
export function query(parameters: Record<string, string | number | undefined>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}
