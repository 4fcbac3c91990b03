import { AuthenticationError, type CreateSessionRequest, ESIMRSPApi, type Session } from '@esim-rsp/sdk';

/**
 * The API as the browser calls it: no key, because the cookie of the session says who calls. `onEnded` is called when the server
 * does not know the session any more.
 */
export function createApi(onEnded: () => void): ESIMRSPApi {
  return new ESIMRSPApi({
    basePath: '/api/v1/esim',
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      if (response.status === 401) onEnded();
      return response;
    },
  });
}

/** Signs in; the server sets the cookie. */
export async function openSession(api: ESIMRSPApi, credentials: CreateSessionRequest): Promise<Session> {
  return (await api.createSession(credentials, { retries: 0 })).data;
}

/** The session of the cookie, or undefined without one. */
export async function readSession(api: ESIMRSPApi): Promise<Session | undefined> {
  try {
    return (await api.getSession()).data;
  } catch (error) {
    if (error instanceof AuthenticationError) return undefined;
    throw error;
  }
}
