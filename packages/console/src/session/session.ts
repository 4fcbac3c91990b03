import type { ApiKeyPermission, ESIMRSPApi, Session } from '@esim-rsp/sdk';
import { createContext, useContext } from 'react';

export type Signed = {
  readonly session: Session;
  readonly api: ESIMRSPApi;
  readonly signOut: () => void;
};

export const SignedContext = createContext<Signed | undefined>(undefined);

/** The session and the API of the person who is signed in. Every screen is inside of one. */
export function useSigned(): Signed {
  const signed = useContext(SignedContext);
  if (signed === undefined) throw new Error('this part of the console is for people who are signed in');
  return signed;
}

export function useApi(): ESIMRSPApi {
  return useSigned().api;
}

/** Whether the session may do something. */
export function useMay(permission: ApiKeyPermission): boolean {
  return useSigned().session.permissions.includes(permission);
}
