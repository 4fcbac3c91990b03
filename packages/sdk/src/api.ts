import { type Calls, routes } from './calls.ts';
import { Configuration, type ConfigurationParameters } from './configuration.ts';
import type { ApiResponse } from './errors.ts';
import { type FollowFilter, type FollowOptions, follow } from './follow.ts';
import { image, json } from './http/answer.ts';
import { createExchange, linesOf } from './http/exchange.ts';
import { query, type RequestOptions } from './http/request.ts';
import { type ImportOptions, type ImportSource, mediaTypes, reportsOf } from './import.ts';
import type {
  ActivationCodeResponse,
  ExportEUICCProfilesQuery,
  GetEUICCProfileResponse,
  ImportReport,
  LabEvent,
  LabEventsQuery,
  ListEUICCProfilesQuery,
  ProfileEvent,
} from './models.ts';
import { required } from './path.ts';
import { callForJson, callRoute } from './route.ts';

/** How a QR code is rendered; default: PNG, error correction M, 4 modules of margin. */
export interface QRCodeOptions extends RequestOptions {
  format?: 'png' | 'svg';
  /** Width and height in pixels. */
  size?: number;
  /** Modules of quiet zone on each side. */
  margin?: number;
  /** Error correction, from 7 % to 30 %. */
  ecc?: 'L' | 'M' | 'Q' | 'H';
  /** Whether the code contains the OID of the SM-DP+. */
  oid?: boolean;
}

const QR_CODE = 'GET /euicc-profiles/{iccid}/qrcode?';

/** The methods of `Calls` are made of `routes` below: so a call costs a line, and not a function. */
const Routed = class {} as new () => Calls;

/**
 * The eSIM RSP API. Every call resolves to `{ status, statusText, headers, data, requestId, response }` and rejects with an
 * `ApiError` or a `ConnectionError`.
 */
export class ESIMRSPApi extends Routed {
  readonly #configuration: Configuration;

  /** Without parameters, the environment variables `ESIM_USER_ID`, `ESIM_API_KEY` and `ESIM_BASE_URL` are used. */
  constructor(configuration: ConfigurationParameters = {}) {
    super();
    this.#configuration = new Configuration(configuration);
  }

  static {
    for (const [name, route] of Object.entries(routes))
      Object.assign(ESIMRSPApi.prototype, {
        [name](this: ESIMRSPApi, ...args: unknown[]) {
          return callForJson(this.#configuration, name, route, args);
        },
      });
  }

  /** Gets the QR code that a phone scans to install the Profile, as a `File` named `<iccid>.png`. It is a secret. */
  async getQRCode(
    iccid: string,
    { format, size, margin, ecc, oid, ...options }: QRCodeOptions = {},
  ): Promise<ApiResponse<File>> {
    const type = format === 'svg' ? 'image/svg+xml' : 'image/png';
    const args = [iccid, { format, size, margin, ecc, oid: flag(oid) }, options];
    const answer = await callRoute(this.#configuration, 'getQRCode', QR_CODE, args, type);
    return image(answer, `${iccid}.${format ?? 'png'}`, type);
  }

  /** Gets the text of the QR code, and links that open the installation on the device itself. Both are secrets. */
  async getActivationCode(
    iccid: string,
    { oid, ...options }: Pick<QRCodeOptions, 'oid'> & RequestOptions = {},
  ): Promise<ApiResponse<ActivationCodeResponse>> {
    const args = [iccid, { format: 'json', oid: flag(oid) }, options];
    return json(await callRoute(this.#configuration, 'getActivationCode', QR_CODE, args));
  }

  /** Iterates over the account's Profiles, page by page. The first page is requested when the iteration starts. */
  async *iterateEUICCProfiles(
    { offset, cursor = '', ...filter }: ListEUICCProfilesQuery = {},
    options: RequestOptions = {},
  ): AsyncGenerator<GetEUICCProfileResponse, void, undefined> {
    yield* this.listEUICCProfiles(
      { ...filter, ...(offset === undefined ? { cursor } : { offset }) },
      options,
    );
  }

  /**
   * Creates many Profiles. Yields reports of progress and of rows that failed, also while the source is being sent, and a
   * summary at the end. There is one attempt. When the connection breaks, send everything again: Profiles that exist already
   * are skipped.
   */
  async *importEUICCProfiles(
    source: ImportSource,
    { format, ...labels }: ImportOptions,
    options: RequestOptions = {},
  ): AsyncGenerator<ImportReport, void, undefined> {
    const name = 'importEUICCProfiles';
    required(source, 'source', name);
    const call = {
      name,
      method: 'POST',
      path: `/euicc-profiles/import${query(labels)}`,
      accept: mediaTypes.ndjson,
      body: source,
      type: mediaTypes[format],
      advice: ' Send it again: created Profiles stay.',
    };
    yield* reportsOf(createExchange(this.#configuration, call, { ...options, timeout: 0 }));
  }

  /** Exports the Profiles that a filter selects. Yields the lines of the file, without their ends, as they arrive. */
  async *exportEUICCProfiles(
    request: ExportEUICCProfilesQuery = {},
    options: RequestOptions = {},
  ): AsyncGenerator<string, void, undefined> {
    const path = `/euicc-profiles/export${query(request)}`;
    const call = { name: 'exportEUICCProfiles', method: 'GET', path, accept: '*/*' };
    yield* linesOf(createExchange(this.#configuration, call, options));
  }

  /**
   * Follows the events of the account's Profiles: from `cursor` on, or from now on. Once a stream was open, one that breaks is
   * opened again where it was, and this ends after some minutes without a server (or after `retries` attempts). A stream is
   * broken when nothing arrives for `timeout`, or for 30 seconds if the timeout of the `Configuration` is shorter. It ends when
   * the caller leaves the loop or the signal aborts.
   */
  followEvents(
    filter: FollowFilter = {},
    options: FollowOptions = {},
  ): AsyncGenerator<ProfileEvent, void, undefined> {
    const { cursor: first, ...types } = filter;
    const path = (cursor: string | undefined) => `/events${query({ cursor, ...types })}`;
    return follow(this.#configuration, { name: 'followEvents', path }, first, options);
  }

  /** Follows what happens on the phone of a lab: from the event `after` on, or from the first one that is kept. As `followEvents`. */
  followLabEvents(
    { after: first }: LabEventsQuery = {},
    options: FollowOptions = {},
  ): AsyncGenerator<LabEvent, void, undefined> {
    const path = (after: string | undefined) => `/lab/phone/events${query({ after })}`;
    return follow(this.#configuration, { name: 'followLabEvents', path }, first?.toString(), options);
  }
}

/** A query parameter that is present or absent. */
function flag(isSet: boolean | undefined): 1 | undefined {
  return isSet ? 1 : undefined;
}
