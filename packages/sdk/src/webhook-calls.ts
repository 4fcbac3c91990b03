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

/** The calls of `ESIMRSPApi` for webhooks. */
export class WebhookCalls {
  readonly #configuration: Configuration;

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
  }

  /** Lists the webhooks of the account. */
  async listWebhooks(options: RequestOptions = {}): Promise<ApiResponse<ListWebhooksResponse>> {
    return ask(this.#configuration, 'GET', '/webhooks', options);
  }

  /** Creates a webhook. The answer has the secret that signs its messages; it is shown once. */
  async createWebhook(
    request: CreateWebhookRequest,
    options: RequestOptions = {},
  ): Promise<ApiResponse<WebhookWithSecret>> {
    required(request, 'request', 'createWebhook');
    return ask(this.#configuration, 'POST', '/webhooks', options, request);
  }

  /** Gets one webhook. */
  async getWebhook(id: string, options: RequestOptions = {}): Promise<ApiResponse<Webhook>> {
    return ask(this.#configuration, 'GET', webhookPath(id, 'getWebhook'), options);
  }

  /** Updates a webhook; `{ disabled: false }` enables it. */
  async updateWebhook(
    id: string,
    request: UpdateWebhookRequest,
    options: RequestOptions = {},
  ): Promise<ApiResponse<Webhook>> {
    return ask(this.#configuration, 'PATCH', webhookPath(id, 'updateWebhook'), options, request);
  }

  /** Deletes a webhook and the log of its deliveries. */
  async deleteWebhook(id: string, options: RequestOptions = {}): Promise<ApiResponse<undefined>> {
    return askToDelete(this.#configuration, webhookPath(id, 'deleteWebhook'), options);
  }

  /** Replaces the secret, and shows the new one once; for 24 hours messages are signed with both. */
  async rotateWebhookSecret(
    id: string,
    request: RotateWebhookSecretRequest = {},
    options: RequestOptions = {},
  ): Promise<ApiResponse<WebhookWithSecret>> {
    const path = `${webhookPath(id, 'rotateWebhookSecret')}/rotate-secret`;
    return ask(this.#configuration, 'POST', path, options, request);
  }

  /** Sends a `webhook.test` message. */
  async testWebhook(id: string, options: RequestOptions = {}): Promise<ApiResponse<WebhookDelivery>> {
    return ask(this.#configuration, 'POST', `${webhookPath(id, 'testWebhook')}/test`, options);
  }

  /** Lists the messages to a webhook, the newest first. */
  async listWebhookDeliveries(
    id: string,
    { state, cursor, count }: DeliveriesQuery = {},
    options: RequestOptions = {},
  ): Promise<ApiResponse<ListWebhookDeliveriesResponse>> {
    const path = `${webhookPath(id, 'listWebhookDeliveries')}/deliveries${query({ state, cursor, count })}`;
    return ask(this.#configuration, 'GET', path, options);
  }

  /** Sends a message again. */
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
