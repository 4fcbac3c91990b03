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

/** The calls of `ESIMRSPApi` about the stock: many profiles at a time, types and templates. */
export class InventoryCalls extends WebhookCalls {
  readonly #configuration: Configuration;

  constructor(configuration: Configuration) {
    super(configuration);
    this.#configuration = configuration;
  }

  /**
   * Stocks many Profiles and tells, as it goes on, how far it is and which rows were refused; the last report is the
   * summary. What is stocked stays: when the connection breaks, send it all again, and what is there already is passed over.
   */
  async *importEUICCProfiles(
    source: ImportSource,
    { format, ...wishes }: ImportEUICCProfilesQuery & { format: ImportFormat },
    options: RequestOptions = {},
  ): AsyncGenerator<ImportReport, void, undefined> {
    required(source, 'source', 'importEUICCProfiles');
    const path = `/euicc-profiles/import${query({ ...wishes })}`;
    yield* importReports(this.#configuration, { path, type: mediaTypes[format], source }, options);
  }

  /**
   * Makes subscriptions from ranges of numbers, with keys that are drawn, and stocks their Profiles. The answer has the keys
   * for the HLR: keep it, it is not told again.
   */
  async generateEUICCProfiles(
    request: GenerateEUICCProfilesRequest,
    options: RequestOptions = {},
  ): Promise<ApiResponse<GenerateEUICCProfilesResponse>> {
    required(request, 'request', 'generateEUICCProfiles');
    return ask(this.#configuration, 'POST', '/euicc-profiles/generate', options, request);
  }

  /** The types of the account's Profiles, and how many of each are in which state. */
  async listProfileTypes(options: RequestOptions = {}): Promise<ApiResponse<ListProfileTypesResponse>> {
    return ask(this.#configuration, 'GET', '/profile-types', options);
  }

  /**
   * Orders a Profile of a type, whichever has been in stock for longest, or one that is made from the template of the type:
   * where that draws keys, the answer has them, for the only time.
   */
  async orderEUICCProfileOfType(
    request: OrderEUICCProfileOfTypeRequest,
    options: RequestOptions = {},
  ): Promise<ApiResponse<OrderEUICCProfileOfTypeResponse>> {
    required(request, 'request', 'orderEUICCProfileOfType');
    return ask(this.#configuration, 'POST', '/euicc-profiles/order', options, request);
  }

  /** The templates of the account, by profile type. */
  async listProfileTemplates(
    options: RequestOptions = {},
  ): Promise<ApiResponse<ListProfileTemplatesResponse>> {
    return ask(this.#configuration, 'GET', '/profile-templates', options);
  }

  /** Says what the Profiles of a type are made from, when one is ordered and none is in stock. */
  async createProfileTemplate(
    request: CreateProfileTemplateRequest,
    options: RequestOptions = {},
  ): Promise<ApiResponse<ProfileTemplate>> {
    required(request, 'request', 'createProfileTemplate');
    return ask(this.#configuration, 'POST', '/profile-templates', options, request);
  }

  /** The template of a type, and how many numbers it has left. */
  async getProfileTemplate(
    profileType: string,
    options: RequestOptions = {},
  ): Promise<ApiResponse<ProfileTemplate>> {
    return ask(this.#configuration, 'GET', templatePath(profileType, 'getProfileTemplate'), options);
  }

  /** Removes a template; the Profiles that were made from it stay. */
  async deleteProfileTemplate(
    profileType: string,
    options: RequestOptions = {},
  ): Promise<ApiResponse<undefined>> {
    return askToDelete(this.#configuration, templatePath(profileType, 'deleteProfileTemplate'), options);
  }

  /**
   * Makes subscriptions from the next numbers of a template and stocks their Profiles. Where it draws keys, the answer has
   * them for the HLR: keep it, it is not told again.
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
