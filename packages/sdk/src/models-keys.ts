/** What an API key may do: `order` reads too, `admin` is everything. */
export type ApiKeyScope = 'read' | 'order' | 'admin';

/** An API key without the key itself. Times are ISO 8601. */
export interface ApiKey {
  id: string;
  name?: string;
  scope: ApiKeyScope;
  created_at: string;
  /** From then on it is worth nothing. */
  expires_at?: string;
  /** Give or take a minute. */
  last_used_at?: string;
}

/** A key that was just made. */
export interface NewApiKey extends ApiKey {
  /** The key itself: it is shown this once. */
  api_key: string;
}

export interface ListApiKeysResponse {
  api_keys: ApiKey[];
}

export interface CreateApiKeyRequest {
  name?: string;
  scope: ApiKeyScope;
  /** ISO 8601; never unless given. */
  expires_at?: string;
}

export interface RotateApiKeyRequest {
  /** How long the old key works beside the new one; a day unless given. */
  overlap_seconds?: number;
}
