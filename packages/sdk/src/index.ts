export { ESIMRSPApi, type QRCodeOptions } from './api.ts';
export {
  type ApiKeySource,
  type BaseOptions,
  Configuration,
  type ConfigurationParameters,
} from './configuration.ts';
export { ApiError, type ApiResponse, ConnectionError, type ProblemData, RequiredError } from './errors.ts';
export type { ImportFormat, ImportSource } from './import.ts';
export type * from './models.ts';
export type * from './models-audit.ts';
export type * from './models-events.ts';
export type * from './models-generate.ts';
export type * from './models-import.ts';
export type * from './models-keys.ts';
export type * from './models-templates.ts';
export type * from './models-webhooks.ts';
export type { RequestOptions } from './request.ts';
export {
  type WebhookErrorCode,
  type WebhookHeaders,
  WebhookVerificationError,
  webhooks,
} from './webhooks.ts';
