import { ask, askToDelete, query } from './ask.ts';
import type { Configuration } from './configuration.ts';
import type { ApiResponse } from './errors.ts';
import type {
  CreateWebhookRequest,
  DeliveriesQuery,
  ListWebhookDeliveriesResponse,
  ListWebhooksResponse,
  RotateWebhookSecretRequest,
  UpdateWebhookRequest,
  Webhook,
  WebhookDelivery,
  WebhookWithSecret,
} from './models.ts';
import { required } from './profile-path.ts';
import type { RequestOptions } from './request.ts';

/** The calls of `ESIMRSPApi` about webhooks. */
export class WebhookCalls {
  readonly #configuration: Configuration;

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
  }

  /** Every webhook of the account. */
  async listWebhooks(options: RequestOptions = {}): Promise<ApiResponse<ListWebhooksResponse>> {
    return ask(this.#configuration, 'GET', '/webhooks', options);
  }

  /** Tells a URL from now on what happens. The answer has the secret that messages are signed with, for the only time. */
  async createWebhook(
    request: CreateWebhookRequest,
    options: RequestOptions = {},
  ): Promise<ApiResponse<WebhookWithSecret>> {
    required(request, 'request', 'createWebhook');
    return ask(this.#configuration, 'POST', '/webhooks', options, request);
  }

  async getWebhook(id: string, options: RequestOptions = {}): Promise<ApiResponse<Webhook>> {
    return ask(this.#configuration, 'GET', webhookPath(id, 'getWebhook'), options);
  }

  /** Changes what is given; `{ disabled: false }` enables a webhook that was disabled. */
  async updateWebhook(
    id: string,
    request: UpdateWebhookRequest,
    options: RequestOptions = {},
  ): Promise<ApiResponse<Webhook>> {
    return ask(this.#configuration, 'PATCH', webhookPath(id, 'updateWebhook'), options, request);
  }

  /** Removes a webhook with the log of its deliveries. */
  async deleteWebhook(id: string, options: RequestOptions = {}): Promise<ApiResponse<undefined>> {
    return askToDelete(this.#configuration, webhookPath(id, 'deleteWebhook'), options);
  }

  /** Another secret, shown for the only time; for 24 hours messages are signed with both. */
  async rotateWebhookSecret(
    id: string,
    request: RotateWebhookSecretRequest = {},
    options: RequestOptions = {},
  ): Promise<ApiResponse<WebhookWithSecret>> {
    const path = `${webhookPath(id, 'rotateWebhookSecret')}/rotate-secret`;
    return ask(this.#configuration, 'POST', path, options, request);
  }

  /** Sends a `webhook.test` event. */
  async testWebhook(id: string, options: RequestOptions = {}): Promise<ApiResponse<WebhookDelivery>> {
    return ask(this.#configuration, 'POST', `${webhookPath(id, 'testWebhook')}/test`, options);
  }

  /** What was sent to a webhook and what is still to be sent, the newest first. */
  async listWebhookDeliveries(
    id: string,
    { state, cursor, count }: DeliveriesQuery = {},
    options: RequestOptions = {},
  ): Promise<ApiResponse<ListWebhookDeliveriesResponse>> {
    const path = `${webhookPath(id, 'listWebhookDeliveries')}/deliveries${query({ state, cursor, count })}`;
    return ask(this.#configuration, 'GET', path, options);
  }

  /** Sends the same message once more. */
  async replayWebhookDelivery(
    id: string,
    deliveryId: number,
    options: RequestOptions = {},
  ): Promise<ApiResponse<WebhookDelivery>> {
    const webhook = webhookPath(id, 'replayWebhookDelivery');
    required(deliveryId, 'deliveryId', 'replayWebhookDelivery');
    return ask(this.#configuration, 'POST', `${webhook}/deliveries/${deliveryId}/replay`, options);
  }
}

function webhookPath(id: string, operation: string): string {
  required(id || undefined, 'id', operation);
  return `/webhooks/${encodeURIComponent(id)}`;
}
