export { ESIMRSPApi, type QRCodeOptions } from './api.ts';
export type { Calls } from './calls.ts';
export {
  type BaseOptions,
  Configuration,
  type ConfigurationParameters,
  type Logger,
} from './configuration.ts';
export type { ApiKeySource } from './credentials.ts';
export {
  ApiError,
  type ApiErrorCode,
  type ApiResponse,
  AuthenticationError,
  ConflictError,
  ConnectionError,
  NotFoundError,
  PermissionError,
  type ProblemData,
  RateLimitError,
  RequiredError,
  ServerError,
  TimeoutError,
  ValidationError,
} from './errors.ts';
export type { FollowFilter, FollowOptions } from './follow.ts';
export type { RequestOptions } from './http/request.ts';
export type { ImportFormat, ImportOptions, ImportSource } from './import.ts';
export * from './models.ts';
export type { ListPromise } from './paging.ts';
export { VERSION } from './version.ts';
export type { WebhookHeaders } from './webhooks/headers.ts';
export {
  type SignOptions,
  type UnwrapOptions,
  type WebhookBody,
  type WebhookErrorCode,
  WebhookVerificationError,
  webhooks,
} from './webhooks/webhooks.ts';
