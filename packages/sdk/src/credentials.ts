/** The names of the API's two credentials, in requests and as the argument of `apiKey`. */
export const CREDENTIALS = ['x-user-id', 'x-api-key'] as const;

/** Returns the value of a credential: `x-user-id` or `x-api-key`. */
export type ApiKeySource = (name: string) => string | undefined | Promise<string | undefined>;

/** Returns a credential from a user id and an API key, where they are present. A function answers for both. */
export function credentialIn(
  name: string,
  userId: string | undefined,
  apiKey: string | ApiKeySource | undefined,
): ReturnType<ApiKeySource> {
  if (name === 'x-user-id' && userId) return userId;
  if (typeof apiKey === 'function') return apiKey(name);
  return name === 'x-api-key' ? apiKey : undefined;
}
