import type { AxiosInstance, AxiosPromise, AxiosResponse, RawAxiosRequestConfig } from 'axios';
import { CREDENTIALS } from '../credentials.ts';
import type { Configuration } from './configuration.ts';

export const BASE_PATH = 'http://127.0.0.1:8080/api/v1/esim';

/** The axios configuration of one request, and more of the query. */
export type Options = RawAxiosRequestConfig & { query?: Record<string, string> };

/** A request that does not know yet where the API is. */
export interface RequestArgs {
  url: string;
  options: RawAxiosRequestConfig;
}

/** A GET with both credentials; the caller's headers come last and win. */
export async function requestArgs(
  path: string,
  configuration: Configuration | undefined,
  options: Options = {},
): Promise<RequestArgs> {
  const baseOptions = configuration?.baseOptions;
  const headers: Record<string, string> = {};
  const apiKey = configuration?.apiKey;
  if (apiKey)
    for (const name of CREDENTIALS)
      headers[name] = await (typeof apiKey === 'function' ? apiKey(name) : apiKey);
  return {
    url: path + queryOf(options.query),
    options: {
      method: 'GET',
      ...baseOptions,
      ...options,
      headers: { ...headers, ...baseOptions?.headers, ...options.headers },
    },
  };
}

function queryOf(query: Record<string, string> = {}): string {
  const text = String(new URLSearchParams(query));
  return text && `?${text}`;
}

/** Where a request goes: the configuration says, then the argument, then the axios instance, then the usual place. */
export function locate(
  { url }: RequestArgs,
  axios: AxiosInstance,
  configuration: Configuration | undefined,
  basePath = BASE_PATH,
): string {
  const base = configuration?.basePath || basePath;
  const ofInstance = base === BASE_PATH && axios.defaults?.baseURL;
  return (ofInstance ? '' : base.replace(/\/+$/, '')) + url;
}

/** Without a responseType axios reads an image as text and breaks it; http has no Blob, XMLHttpRequest has. */
const BINARY = typeof XMLHttpRequest === 'undefined' ? 'arraybuffer' : 'blob';

/** Sends a request for an image. An error's body is JSON all the same, and arrives as an object. */
export async function askForImage<T>(axios: AxiosInstance, request: RawAxiosRequestConfig): AxiosPromise<T> {
  const { responseType, transformResponse = [] } = axios.defaults ?? {};
  if (request.responseType ?? responseType) return axios.request(request);
  const config = { transformResponse: [readJson, ...[transformResponse].flat()], ...request };
  try {
    return await axios.request({ responseType: BINARY, ...config });
  } catch (error) {
    const response = (error as { response?: AxiosResponse } | undefined)?.response;
    if (response?.data instanceof Blob) response.data = parsed(await response.data.text());
    throw error;
  }
}

function readJson(data: unknown, headers?: Record<string, unknown>): unknown {
  const isJson = /[/+]json\b/.test(String(headers?.['content-type']));
  const isBinary = data instanceof ArrayBuffer || ArrayBuffer.isView(data);
  return isJson && isBinary ? parsed(new TextDecoder().decode(data)) : data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
