import { image } from './answer.ts';
import { ask, query } from './ask.ts';
import { Configuration } from './configuration.ts';
import type { ApiResponse } from './errors.ts';
import { blocksOf } from './event-stream.ts';
import { InventoryCalls } from './inventory-calls.ts';
import type {
  ActivationCodeResponse,
  ApiKey,
  AuditQuery,
  CancelEUICCProfileRequest,
  ConfirmEUICCProfileRequest,
  CreateApiKeyRequest,
  CreateEUICCProfileRequest,
  EUICCProfileSecretsResponse,
  EventsQuery,
  GetEUICCProfileResponse,
  HistoryQuery,
  ListApiKeysResponse,
  ListAuditResponse,
  ListEUICCProfilesQuery,
  ListEUICCProfilesResponse,
  ListEventsResponse,
  ListRefusedCallsResponse,
  NewApiKey,
  OrderEUICCProfileRequest,
  ProfileEvent,
  ReadEUICCProfileSecretsRequest,
  RefusedCallsQuery,
  RotateApiKeyRequest,
  StatusResponse,
  UpdateEUICCProfileRequest,
} from './models.ts';
import { profilePath, required } from './profile-path.ts';
import { type Method, openStream, type RequestOptions, send } from './request.ts';

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

/** The eSIM RSP API. Every call resolves to `{ status, statusText, headers, data }` and rejects with a typed error. */
export class ESIMRSPApi extends InventoryCalls {
  readonly #configuration: Configuration;

  constructor(configuration: Configuration = new Configuration()) {
    super(configuration);
    this.#configuration = configuration;
  }

  /** Gets the Profile with an ICCID. */
  async getEUICCProfile(
    iccid: string,
    options: RequestOptions = {},
  ): Promise<ApiResponse<GetEUICCProfileResponse>> {
    return this.#json('GET', profilePath(iccid, 'getEUICCProfile'), options);
  }

  /** Gets the QR code that a phone scans to install the Profile, as a `File` named `<iccid>.png`. It is a secret. */
  async getQRCode(iccid: string, options: QRCodeOptions = {}): Promise<ApiResponse<File>> {
    const { format, size, margin, ecc, oid, ...rest } = options;
    const type = format === 'svg' ? 'image/svg+xml' : 'image/png';
    const path = `${profilePath(iccid, 'getQRCode')}/qrcode${query({ format, size, margin, ecc, oid: flag(oid) })}`;
    const answer = await send(this.#configuration, { method: 'GET', path, accept: type }, rest);
    return image(answer, `${iccid}.${format ?? 'png'}`, type);
  }

  /** Gets the text of the QR code, and links that open the installation on the device itself. Both are secrets. */
  async getActivationCode(
    iccid: string,
    { oid, ...options }: Pick<QRCodeOptions, 'oid'> & RequestOptions = {},
  ): Promise<ApiResponse<ActivationCodeResponse>> {
    const parameters = query({ format: 'json', oid: flag(oid) });
    return this.#json('GET', `${profilePath(iccid, 'getActivationCode')}/qrcode${parameters}`, options);
  }

  /** Lists a page of the account's Profiles. */
  async listEUICCProfiles(
    filter: ListEUICCProfilesQuery = {},
    options: RequestOptions = {},
  ): Promise<ApiResponse<ListEUICCProfilesResponse>> {
    return this.#json('GET', `/euicc-profiles${query({ ...filter })}`, options);
  }

  /** Iterates over the account's Profiles, page by page. */
  async *iterateEUICCProfiles(
    { offset, cursor = '', ...filter }: ListEUICCProfilesQuery = {},
    options: RequestOptions = {},
  ): AsyncGenerator<GetEUICCProfileResponse, void, undefined> {
    let place: ListEUICCProfilesQuery = offset === undefined ? { cursor } : { offset };
    for (;;) {
      const { data } = await this.listEUICCProfiles({ ...filter, ...place }, options);
      yield* data.euicc_profiles;
      if (data.next_cursor === undefined) return;
      place = { cursor: data.next_cursor };
    }
  }

  /** Creates a Profile from a finished package, or from parameters. */
  async createEUICCProfile(
    request: CreateEUICCProfileRequest,
    options: RequestOptions = {},
  ): Promise<ApiResponse<GetEUICCProfileResponse>> {
    required(request, 'request', 'createEUICCProfile');
    return this.#json('POST', '/euicc-profiles', options, request);
  }

  /** Orders an AVAILABLE Profile and, by default, releases it for download. */
  async orderEUICCProfile(
    iccid: string,
    request: OrderEUICCProfileRequest = {},
    options: RequestOptions = {},
  ): Promise<ApiResponse<GetEUICCProfileResponse>> {
    return this.#json('POST', `${profilePath(iccid, 'orderEUICCProfile')}/order`, options, request);
  }

  /** Confirms the order of a reserved Profile and, by default, releases it for download. */
  async confirmEUICCProfile(
    iccid: string,
    request: ConfirmEUICCProfileRequest = {},
    options: RequestOptions = {},
  ): Promise<ApiResponse<GetEUICCProfileResponse>> {
    return this.#json('POST', `${profilePath(iccid, 'confirmEUICCProfile')}/confirm`, options, request);
  }

  /** Releases a confirmed Profile for download. */
  async releaseEUICCProfile(
    iccid: string,
    options: RequestOptions = {},
  ): Promise<ApiResponse<GetEUICCProfileResponse>> {
    return this.#json('POST', `${profilePath(iccid, 'releaseEUICCProfile')}/release`, options);
  }

  /** Cancels an order that nobody has downloaded. */
  async cancelEUICCProfile(
    iccid: string,
    request: CancelEUICCProfileRequest = {},
    options: RequestOptions = {},
  ): Promise<ApiResponse<GetEUICCProfileResponse>> {
    return this.#json('POST', `${profilePath(iccid, 'cancelEUICCProfile')}/cancel`, options, request);
  }

  /** Releases a Profile again: after a failed or lost download, or as its reuse policy allows. */
  async reReleaseEUICCProfile(
    iccid: string,
    options: RequestOptions = {},
  ): Promise<ApiResponse<GetEUICCProfileResponse>> {
    return this.#json('POST', `${profilePath(iccid, 'reReleaseEUICCProfile')}/re-release`, options);
  }

  /** Takes a Profile out of use. */
  async retireEUICCProfile(
    iccid: string,
    options: RequestOptions = {},
  ): Promise<ApiResponse<GetEUICCProfileResponse>> {
    return this.#json('POST', `${profilePath(iccid, 'retireEUICCProfile')}/retire`, options);
  }

  /** Deletes the order of a Profile and makes it AVAILABLE again. */
  async resetEUICCProfile(
    iccid: string,
    options: RequestOptions = {},
  ): Promise<ApiResponse<GetEUICCProfileResponse>> {
    return this.#json('POST', `${profilePath(iccid, 'resetEUICCProfile')}/reset`, options);
  }

  /** Updates the order of a Profile, or what devices see of it, before it is downloaded. */
  async updateEUICCProfile(
    iccid: string,
    request: UpdateEUICCProfileRequest,
    options: RequestOptions = {},
  ): Promise<ApiResponse<GetEUICCProfileResponse>> {
    required(request, 'request', 'updateEUICCProfile');
    return this.#json('PATCH', profilePath(iccid, 'updateEUICCProfile'), options, request);
  }

  /** Reads the PIN, PUK, ADM1 or OTA keys of a Profile. The server writes every call into its audit log. */
  async readEUICCProfileSecrets(
    iccid: string,
    request: ReadEUICCProfileSecretsRequest,
    options: RequestOptions = {},
  ): Promise<ApiResponse<EUICCProfileSecretsResponse>> {
    required(request, 'request', 'readEUICCProfileSecrets');
    return this.#json('POST', `${profilePath(iccid, 'readEUICCProfileSecrets')}/secrets`, options, request);
  }

  /** Lists a page of the events of a Profile. */
  async getEUICCProfileHistory(
    iccid: string,
    { cursor, count }: HistoryQuery = {},
    options: RequestOptions = {},
  ): Promise<ApiResponse<ListEventsResponse>> {
    const path = `${profilePath(iccid, 'getEUICCProfileHistory')}/history${query({ cursor, count })}`;
    return this.#json('GET', path, options);
  }

  /** Lists a page of the events of the account's Profiles. */
  async listEvents(
    { cursor, count, iccid, types }: EventsQuery = {},
    options: RequestOptions = {},
  ): Promise<ApiResponse<ListEventsResponse>> {
    return this.#json('GET', `/events${query({ cursor, count, iccid, types })}`, options);
  }

  /**
   * Follows the events of the account's Profiles: from `cursor` on, or from now on. A stream that breaks is opened again
   * where it was; it ends when the caller leaves the loop or the signal aborts.
   */
  async *followEvents(
    { cursor, iccid, types }: Omit<EventsQuery, 'count'> = {},
    options: RequestOptions = {},
  ): AsyncGenerator<ProfileEvent, void, undefined> {
    for (let seen = cursor; ; ) {
      const call = { method: 'GET', path: `/events${query({ cursor: seen, iccid, types })}` } as const;
      const body = await openStream(this.#configuration, call, options);
      try {
        for await (const { id, data } of blocksOf(body)) {
          if (id !== undefined) seen = id;
          if (data !== undefined) yield JSON.parse(data) as ProfileEvent;
        }
      } catch (cause) {
        options.signal?.throwIfAborted();
        if (!(cause instanceof TypeError)) throw cause; // a TypeError is a connection that broke
      }
    }
  }

  /** Lists the newest calls of phones that were refused before their eUICC had proved itself. */
  async listRefusedCalls(
    { count }: RefusedCallsQuery = {},
    options: RequestOptions = {},
  ): Promise<ApiResponse<ListRefusedCallsResponse>> {
    return this.#json('GET', `/refused-calls${query({ count })}`, options);
  }

  /** Lists a page of who changed what in the account. */
  async listAudit(
    filter: AuditQuery = {},
    options: RequestOptions = {},
  ): Promise<ApiResponse<ListAuditResponse>> {
    return this.#json('GET', `/audit${query({ ...filter })}`, options);
  }

  /** Lists the account's API keys, without the keys themselves. */
  async listApiKeys(options: RequestOptions = {}): Promise<ApiResponse<ListApiKeysResponse>> {
    return this.#json('GET', '/keys', options);
  }

  /** Creates an API key; the answer shows it once. */
  async createApiKey(
    request: CreateApiKeyRequest,
    options: RequestOptions = {},
  ): Promise<ApiResponse<NewApiKey>> {
    required(request, 'request', 'createApiKey');
    return this.#json('POST', '/keys', options, request);
  }

  /** Replaces an API key by a new one; the old one works for some time. */
  async rotateApiKey(
    id: string,
    request: RotateApiKeyRequest = {},
    options: RequestOptions = {},
  ): Promise<ApiResponse<NewApiKey>> {
    required(id, 'id', 'rotateApiKey');
    return this.#json('POST', `/keys/${encodeURIComponent(id)}/rotate`, options, request);
  }

  /** Revokes an API key. */
  async revokeApiKey(id: string, options: RequestOptions = {}): Promise<ApiResponse<ApiKey>> {
    required(id, 'id', 'revokeApiKey');
    return this.#json('POST', `/keys/${encodeURIComponent(id)}/revoke`, options);
  }

  /** Gets the name and version of the server, from `status` beside the base path. */
  async getStatus(options: RequestOptions = {}): Promise<ApiResponse<StatusResponse>> {
    return this.#json('GET', '/../status', options);
  }

  async #json<T>(
    method: Method,
    path: string,
    options: RequestOptions,
    body?: object,
  ): Promise<ApiResponse<T>> {
    return ask(this.#configuration, method, path, options, body);
  }
}

/** A query parameter that is present or absent. */
function flag(isSet: boolean | undefined): '1' | undefined {
  return isSet ? '1' : undefined;
}
