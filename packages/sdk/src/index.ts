export { ESIMRSPApi, type QRCodeOptions } from './api.ts';
export {
  type ApiKeySource,
  type BaseOptions,
  Configuration,
  type ConfigurationParameters,
} from './configuration.ts';
export { ApiError, type ApiResponse, ConnectionError, type ProblemData, RequiredError } from './errors.ts';
export type { ImportFormat, ImportSource } from './import.ts';
export * from './models.ts';
export type { RequestOptions } from './request.ts';
export {
  type WebhookErrorCode,
  type WebhookHeaders,
  WebhookVerificationError,
  webhooks,
} from './webhooks.ts';
