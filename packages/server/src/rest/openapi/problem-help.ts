import type { ProblemCode } from '../frame/problem-code.ts';

/** What a code says to the caller, and what to do. `status`: the HTTP statuses that it comes with. */
export type ProblemHelp = {
  readonly status: readonly number[];
  readonly means: string;
  readonly todo: string;
};

/** Of every code, for the guide `errors.md` (`npm run generate`). */
export const problemHelp: Readonly<Record<ProblemCode, ProblemHelp>> = {
  bad_request: {
    status: [400, 408, 414, 417, 431],
    means: 'The request is no HTTP that the server reads: its path, a header or its length.',
    todo: 'Look at what your program sends, or let the SDK send it.',
  },
  invalid_iccid: help(
    400,
    'The ICCID in the path is not 19 or 20 decimal digits.',
    'Send the digits without spaces.',
  ),
  invalid_import: help(
    400,
    'The file of an import cannot be read: its form, its columns or its coding.',
    'Correct the file as the message says; `esim profile import FILE --dry-run` checks it first.',
  ),
  invalid_json: help(
    400,
    'The body is no JSON, or has too many levels or values.',
    'Send the JSON of the example of the operation.',
  ),
  invalid_profile_package: help(
    400,
    'The profile package cannot be read.',
    'Look at it with `esim explain FILE`; the message names the place.',
  ),
  invalid_row: help(
    400,
    'A row of an import is not valid. It is in the reports of the import, not an answer by itself.',
    'Correct the row and send the file again: what exists already is skipped.',
  ),
  invalid_size: help(
    400,
    'The QR code does not fit into this size.',
    'Ask for one of the sizes in the message, or for `format=svg`.',
  ),
  invalid_value: help(
    400,
    'A value has the right form, but is not possible.',
    'The message says which value, and why.',
  ),
  validation_failed: help(
    400,
    'A parameter or a member of the body is missing, unknown or not valid.',
    'Correct the members in `errors`.',
  ),
  passkey_refused: help(
    400,
    'The passkey cannot be used: its challenge was used or has ended, or the device did not verify the user.',
    'Begin again: `POST /passkeys/challenge`.',
  ),
  eid_required: help(400, 'The order needs an EID, such as one without a MatchingID.', 'Send `eid`.'),
  payload_too_large: help(
    413,
    'The body is larger than the operation takes.',
    'Send less, or use an import: it takes files of any length.',
  ),
  unsupported_media_type: help(
    415,
    'The body has a media type that the operation does not take.',
    'Send `Content-Type: application/json`, or one of the types in the message.',
  ),
  unauthorized: help(
    401,
    'The user id or the API key is missing, wrong, expired or revoked; or the session has ended.',
    'Send `x-user-id` and `x-api-key`; create a key with `esim key create`.',
  ),
  foreign_origin: help(
    403,
    'A browser that has signed in sent a change from a page of another server.',
    'Use an API key in your own pages and programs.',
  ),
  forbidden: help(
    403,
    'The key is valid, but has not the permission that the operation needs.',
    'Use a key with the permission in the message ([keys](keys.md)).',
  ),
  rate_limited: help(
    429,
    'The key, the account or the address calls too often.',
    'Wait as many seconds as `Retry-After` says.',
  ),
  sign_in_again: help(
    403,
    'The session is too old to create a passkey.',
    'Sign out, sign in, and create the passkey within 15 minutes.',
  ),
  wrong_password: help(403, 'The old password is wrong.', 'Enter it again, or ask for a new invitation.'),
  no_such_path: help(
    404,
    'The server has nothing at this path.',
    'Compare the path with the API reference (`/docs`).',
  ),
  not_ready: help(
    503,
    'The server cannot serve, and the message says why.',
    'Let the load balancer use another node; [runbooks](runbooks.md) say what to do.',
  ),
  method_not_allowed: help(
    405,
    'The path exists, but does not support this method.',
    'Use one of the methods in `Allow`.',
  ),
  audit_entry_not_found: help(
    404,
    'The audit log has no entry with this id.',
    'List the entries: `GET /audit`.',
  ),
  core_network_not_found: help(
    404,
    'The account has no core network of this name.',
    'List them: `GET /core-networks`.',
  ),
  core_network_exists: help(409, 'The account has a core network of this name.', 'Choose another name.'),
  too_many_core_networks: help(
    409,
    'The account has as many core networks as it can have.',
    'Delete one that you do not need ([limits](limits.md)).',
  ),
  delivery_not_found: help(
    404,
    'There is no such delivery, or it is so old that it was deleted.',
    'List the deliveries of the webhook, the operator or the mails.',
  ),
  download_attempt_not_found: help(
    404,
    'There was no such attempt, or it was of another account.',
    'List them: `GET /download-attempts`.',
  ),
  install_link_not_found: help(404, 'The order has no install link.', 'Create one: `POST …/install-link`.'),
  key_not_found: help(404, 'The account has no key with this id.', 'List the keys: `GET /keys`.'),
  lab_not_found: help(
    404,
    'The phone of the demo has no such profile, download or call.',
    'Look at the phone: `GET /lab/phone`.',
  ),
  mail_template_not_found: help(
    404,
    'The account has not written this text.',
    'The server uses its own text; write another with PUT.',
  ),
  operation_not_found: help(
    404,
    'The account has no operation with this id.',
    'List them: `GET /operations`. Those that have ended are deleted after some time.',
  ),
  operator_not_found: help(
    404,
    'The account has no ES2+ operator of this name.',
    'List them: `GET /operators`.',
  ),
  passkey_not_found: help(404, 'The person has no passkey with this id.', 'List them: `GET /passkeys`.'),
  person_not_found: help(404, 'The account has no person with this id.', 'List them: `GET /people`.'),
  profile_not_found: help(
    404,
    'There is no such profile in this account.',
    'Look for it: `GET /search?q=…`.',
  ),
  recipient_not_found: help(
    404,
    'No mail goes to this address.',
    'List the recipients: `GET /mail-recipients`.',
  ),
  profile_type_not_found: help(
    404,
    'There are no profiles and no template of this type.',
    'List the types: `GET /profile-types`.',
  ),
  session_not_found: help(404, 'There is no such session, or it has ended.', 'List them: `GET /sessions`.'),
  template_not_found: help(404, 'The type has no template.', 'List them: `GET /profile-templates`.'),
  upstream_not_found: help(404, 'The account has no upstream of this name.', 'List them: `GET /upstreams`.'),
  webhook_not_found: help(404, 'The account has no webhook with this id.', 'List them: `GET /webhooks`.'),
  entries_deleted: help(
    410,
    'What follows the cursor was deleted meanwhile, because it was too old.',
    'Begin at the cursor in the message; what is missing may be in the [archive](operations.md#the-archive).',
  ),
  account_exists: help(
    409,
    'An account of the server has this id.',
    'Choose another `account_id`, or leave it out.',
  ),
  answer_lost: help(
    409,
    'The request with this Idempotency-Key was done, but the server stopped before it kept the answer, which cannot be made again.',
    'Do not repeat it: the message says what it created or changed, and how to get what the answer had.',
  ),
  audit_entry_needed: help(
    409,
    'The audit log still needs this entry.',
    'The message says which entries can be erased.',
  ),
  delivery_pending: help(409, 'The server still tries this delivery.', 'Wait: it is sent by itself.'),
  idempotency_key_reused: help(
    422,
    'The Idempotency-Key was sent with another request before.',
    'Use a new key for each request, and the same one only to repeat it.',
  ),
  imsi_in_use: help(
    409,
    'Another profile of the account has this IMSI.',
    'Use another IMSI. An import takes it with `allow_duplicate_imsi`.',
  ),
  in_progress: help(
    409,
    'The same request, with the same Idempotency-Key, is still being worked on.',
    'Send it again after a second.',
  ),
  invalid_transition: help(
    409,
    'The state of the profile does not allow this.',
    'The message says what the state allows ([states](concepts.md#states)).',
  ),
  lab_busy: help(
    409,
    'The phone of the demo is doing something else.',
    'Wait until it has ended: `GET /lab/phone/events`.',
  ),
  lab_refused: help(
    409,
    'The phone of the demo refused this.',
    'The message has the reason that the eUICC gave.',
  ),
  mail_not_configured: help(
    409,
    'The server sends no mail.',
    'Set `ESIM_SMTP_URL` and `ESIM_MAIL_FROM` ([mail](mail.md)).',
  ),
  matching_id_in_use: help(
    409,
    'Another order has this MatchingID.',
    'Send another one, or none: the server generates it.',
  ),
  no_activation_code: help(
    409,
    'The profile has no activation code, because it is not ordered or not to be downloaded any more.',
    'Order it, or see [what to do when a customer calls](customers.md).',
  ),
  no_session: help(
    409,
    'Only a person who has signed in can do this, and not a key.',
    'Sign in to the console.',
  ),
  not_ordered: help(
    409,
    'The profile is not ordered, so that a link would lead to nothing.',
    'Order it first.',
  ),
  operator_exists: help(409, 'An operator of the server has this name.', 'Choose another name.'),
  operator_not_notified: help(
    409,
    'The operator gets no notifications.',
    '`esim operator update`, or `progress_url` of `PATCH /operators/{operator}`, sets where they are sent ([ES2+](es2plus.md)).',
  ),
  out_of_stock: help(
    409,
    'No profile of this type is AVAILABLE, and no template creates one.',
    'Import profiles, or create a template ([inventory](inventory.md)).',
  ),
  own_key: help(409, 'A key cannot revoke itself.', 'Revoke it with another key.'),
  profile_at_upstream: help(
    409,
    'Another SM-DP+ has the package of this profile.',
    'Ask its operator ([other SM-DP+](gateway.md)).',
  ),
  passkey_exists: help(409, 'Somebody has this passkey already.', 'Use it, or create one on another device.'),
  passkeys_not_configured: help(
    409,
    'The server does not know the address to which passkeys are bound.',
    'Its operator sets `ESIM_CONSOLE_URL` to the https address of the console, with a host name.',
  ),
  own_person: help(
    409,
    'A person cannot take the own role away, or delete the own record.',
    'Ask another admin.',
  ),
  person_exists: help(
    409,
    'The account has a person with this address.',
    'Invite the person again: `POST /people/{id}/invitation`.',
  ),
  profile_not_available: help(
    409,
    'The ICCID is in use, or the profile is not AVAILABLE.',
    'Choose another profile; `GET /euicc-profiles/{iccid}` shows its state.',
  ),
  refused: help(
    409,
    'The SM-DP+ refused this for a reason of the specification.',
    'The message has the reason and its codes; `esim explain 8.2.6/3.8` explains a pair.',
  ),
  template_exists: help(409, 'The type has a template.', 'Delete it first, or use another type.'),
  too_many_keys: help(
    409,
    'The account has as many keys as it can have.',
    'Revoke keys that are not used ([limits](limits.md)).',
  ),
  too_many_limits: help(
    409,
    'Too many types have a stock limit.',
    'Remove limits of types that you do not use ([limits](limits.md)).',
  ),
  too_many_mail_templates: help(
    409,
    'The account has as many texts as it can have.',
    'Delete texts that you do not need ([limits](limits.md)).',
  ),
  too_many_passkeys: help(
    409,
    'The person has as many passkeys as one can have.',
    'Delete those of devices that are not used any more ([limits](limits.md)).',
  ),
  too_many_people: help(
    409,
    'The account has as many people as it can have.',
    'Delete people who have left ([limits](limits.md)).',
  ),
  too_many_recipients: help(
    409,
    'Mail goes to as many addresses as it can.',
    'Delete one, or use the address of a group ([limits](limits.md)).',
  ),
  too_many_templates: help(
    409,
    'The account has as many templates as it can have.',
    'Delete templates that you do not use ([limits](limits.md)).',
  ),
  too_many_upstreams: help(
    409,
    'The account has as many upstreams as it can have.',
    'Delete one that you do not need ([limits](limits.md)).',
  ),
  too_many_upstream_types: help(
    409,
    'As many types come from upstreams as can be.',
    'Delete one that you do not need ([limits](limits.md)).',
  ),
  too_many_webhooks: help(
    409,
    'The account has as many webhooks as it can have.',
    'Delete webhooks that are not read ([limits](limits.md)).',
  ),
  upstream_answer_unusable: help(
    409,
    'The vendor has reserved a profile for an order of a type, but chose one whose ICCID exists here already or is not available.',
    'Ask the vendor, and cancel there what it has reserved: `GET /operations?state=failed` lists such orders ([the SM-DP+ of a vendor](gateway.md)).',
  ),
  upstream_exists: help(409, 'The account has an upstream of this name.', 'Choose another name.'),
  upstream_in_use: help(
    409,
    'Operations at the upstream have not ended.',
    'Wait for their end, or let an admin settle them: `GET /operations` lists them.',
  ),
  upstream_refused: help(
    409,
    'The SM-DP+ of the vendor refuses the call; the message has its codes and its text.',
    'Do what the codes say ([the SM-DP+ of a vendor](gateway.md)), or ask the vendor.',
  ),
  upstream_unsupported: help(
    409,
    'The SM-DP+ of the vendor cannot do this, by its settings or because ES2+ has no call for it.',
    'Do what the message says. `capabilities` of `GET /upstreams/{upstream}` lists what can be done, and why not ([the SM-DP+ of a vendor](gateway.md)).',
  ),
  webhook_disabled: help(
    409,
    'The webhook is disabled, so that nothing is sent to it.',
    'Enable it: `PATCH /webhooks/{id}` with `disabled: false`.',
  ),
  busy: help(
    503,
    'The server has too much to do, or its database cannot be reached.',
    'Send it again after `Retry-After`; the SDK does so. If it lasts, see [runbooks](runbooks.md).',
  ),
  internal_error: help(
    500,
    'The server has a bug.',
    'Report it with the request id; the log of the server has the reason under it.',
  ),
  record_unreadable: help(
    500,
    'The database has a record that cannot be read.',
    'Restore it from a backup ([backup](backup.md#restore)).',
  ),
  too_many_imports: help(
    503,
    'As many imports run as can run at the same time.',
    'Wait until one has ended.',
  ),
  too_many_streams: help(
    503,
    'The account follows as many event streams as it can.',
    'Close one, or share one among your programs.',
  ),
};

function help(status: number, means: string, todo: string): ProblemHelp {
  return { status: [status], means, todo };
}
