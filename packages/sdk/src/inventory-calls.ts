import { ask, askToDelete, query } from './ask.ts';
import type { Configuration } from './configuration.ts';
import type { ApiResponse } from './errors.ts';
import { type ImportFormat, type ImportSource, importReports, mediaTypes } from './import.ts';
import type {
  CreateProfileTemplateRequest,
  GenerateEUICCProfilesRequest,
  GenerateEUICCProfilesResponse,
  GenerateFromProfileTemplateRequest,
  GenerateFromProfileTemplateResponse,
  ImportEUICCProfilesQuery,
  ImportReport,
  ListProfileTemplatesResponse,
  ListProfileTypesResponse,
  OrderEUICCProfileOfTypeRequest,
  OrderEUICCProfileOfTypeResponse,
  ProfileTemplate,
} from './models.ts';
import { required } from './profile-path.ts';
import type { RequestOptions } from './request.ts';
import { WebhookCalls } from './webhook-calls.ts';

/** The calls of `ESIMRSPApi` for many profiles at a time, types and templates. */
export class InventoryCalls extends WebhookCalls {
  readonly #configuration: Configuration;

  constructor(configuration: Configuration) {
    super(configuration);
    this.#configuration = configuration;
  }

  /**
   * Creates many Profiles. Yields reports of progress and of rows that failed, and a summary at the end. When the connection
   * breaks, send everything again: Profiles that exist already are skipped.
   */
  async *importEUICCProfiles(
    source: ImportSource,
    { format, ...more }: ImportEUICCProfilesQuery & { format: ImportFormat },
    options: RequestOptions = {},
  ): AsyncGenerator<ImportReport, void, undefined> {
    required(source, 'source', 'importEUICCProfiles');
    const path = `/euicc-profiles/import${query({ ...more })}`;
    yield* importReports(this.#configuration, { path, type: mediaTypes[format], source }, options);
  }

  /**
   * Generates subscriptions from ranges of numbers, and creates their Profiles. The answer has the keys for the HLR: keep it,
   * they are shown once.
   */
  async generateEUICCProfiles(
    request: GenerateEUICCProfilesRequest,
    options: RequestOptions = {},
  ): Promise<ApiResponse<GenerateEUICCProfilesResponse>> {
    required(request, 'request', 'generateEUICCProfiles');
    return ask(this.#configuration, 'POST', '/euicc-profiles/generate', options, request);
  }

  /** Lists the types of the account's Profiles, with how many are in which state. */
  async listProfileTypes(options: RequestOptions = {}): Promise<ApiResponse<ListProfileTypesResponse>> {
    return ask(this.#configuration, 'GET', '/profile-types', options);
  }

  /**
   * Orders a Profile of a type: the oldest in stock, or a new one from the template of the type. When that generates keys,
   * the answer has them; they are shown once.
   */
  async orderEUICCProfileOfType(
    request: OrderEUICCProfileOfTypeRequest,
    options: RequestOptions = {},
  ): Promise<ApiResponse<OrderEUICCProfileOfTypeResponse>> {
    required(request, 'request', 'orderEUICCProfileOfType');
    return ask(this.#configuration, 'POST', '/euicc-profiles/order', options, request);
  }

  /** Lists the templates of the account, by profile type. */
  async listProfileTemplates(
    options: RequestOptions = {},
  ): Promise<ApiResponse<ListProfileTemplatesResponse>> {
    return ask(this.#configuration, 'GET', '/profile-templates', options);
  }

  /** Creates a template, from which orders of a type create Profiles when none is AVAILABLE. */
  async createProfileTemplate(
    request: CreateProfileTemplateRequest,
    options: RequestOptions = {},
  ): Promise<ApiResponse<ProfileTemplate>> {
    required(request, 'request', 'createProfileTemplate');
    return ask(this.#configuration, 'POST', '/profile-templates', options, request);
  }

  /** Gets the template of a type, with the number of its free numbers. */
  async getProfileTemplate(
    profileType: string,
    options: RequestOptions = {},
  ): Promise<ApiResponse<ProfileTemplate>> {
    return ask(this.#configuration, 'GET', templatePath(profileType, 'getProfileTemplate'), options);
  }

  /** Deletes a template; its Profiles stay. */
  async deleteProfileTemplate(
    profileType: string,
    options: RequestOptions = {},
  ): Promise<ApiResponse<undefined>> {
    return askToDelete(this.#configuration, templatePath(profileType, 'deleteProfileTemplate'), options);
  }

  /**
   * Generates subscriptions from the free numbers of a template, and creates their Profiles. When the template generates
   * keys, the answer has them for the HLR: keep it, they are shown once.
   */
  async generateFromProfileTemplate(
    profileType: string,
    request: GenerateFromProfileTemplateRequest,
    options: RequestOptions = {},
  ): Promise<ApiResponse<GenerateFromProfileTemplateResponse>> {
    const path = `${templatePath(profileType, 'generateFromProfileTemplate')}/generate`;
    required(request, 'request', 'generateFromProfileTemplate');
    return ask(this.#configuration, 'POST', path, options, request);
  }
}

function templatePath(profileType: string, operation: string): string {
  required(profileType || undefined, 'profileType', operation);
  return `/profile-templates/${encodeURIComponent(profileType)}`;
}
