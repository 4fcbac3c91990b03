import { literals, named } from '../../shapes/shape.ts';

/** The codes of error answers: stable words for programs. A new one is added here; the SDK's type comes from this list. */
const problemCodes = [
  // 400, 413, 415: the request
  'bad_request',
  'invalid_iccid',
  'invalid_import',
  'invalid_json',
  'invalid_profile_package',
  'invalid_row',
  'invalid_size',
  'invalid_value',
  'validation_failed',
  'eid_required',
  'payload_too_large',
  'unsupported_media_type',
  // 401, 403, 429: the caller
  'unauthorized',
  'forbidden',
  'rate_limited',
  // 404, 405: the path
  'no_such_path',
  'not_ready',
  'method_not_allowed',
  'delivery_not_found',
  'download_attempt_not_found',
  'key_not_found',
  'operator_not_found',
  'profile_not_found',
  'profile_type_not_found',
  'template_not_found',
  'webhook_not_found',
  // 409, 422: the state of things
  'delivery_pending',
  'idempotency_key_reused',
  'imsi_in_use',
  'in_progress',
  'invalid_transition',
  'matching_id_in_use',
  'no_activation_code',
  'operator_not_notified',
  'out_of_stock',
  'own_key',
  'profile_not_available',
  'refused',
  'template_exists',
  'too_many_keys',
  'too_many_templates',
  'too_many_webhooks',
  'webhook_disabled',
  // 500, 503: the server
  'busy',
  'internal_error',
  'record_unreadable',
  'too_many_imports',
  'too_many_streams',
] as const;

export const ProblemCode = named(
  'ProblemCode',
  literals(problemCodes, 'A stable word for programs, such as invalid_iccid'),
);
export type ProblemCode = (typeof problemCodes)[number];
