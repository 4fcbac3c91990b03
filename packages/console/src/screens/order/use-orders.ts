import {
  ApiError,
  type ApiResponse,
  type ESIMRSPApi,
  type EUICCProfileState,
  type GeneratedSubscription,
  type OrderEUICCProfileOfTypeResponse,
  type OrderEUICCProfileRequest,
  type PendingOperation,
} from '@esim-rsp/sdk';
import { useRef, useState } from 'react';
import { useApi } from '../../session/session.ts';

/** What one order became. */
export type Ordered = {
  readonly key: string;
  readonly iccid: string | undefined;
  readonly state: EUICCProfileState | undefined;
  readonly msisdn?: string | undefined;
  /** The keys of a profile that was created for the order: they are shown once. */
  readonly subscription?: GeneratedSubscription | undefined;
  /** What its upstream has not answered yet. */
  readonly pending?: PendingOperation | undefined;
  readonly error?: string;
};

export type Request = {
  readonly iccid?: string | undefined;
  readonly type?: string | undefined;
  readonly count: number;
  readonly terms: OrderEUICCProfileRequest;
};

export type Orders = ReturnType<typeof useOrders>;

/** Orders one profile after the other, so that the reader sees how far it is and can stop. */
export function useOrders() {
  const api = useApi();
  const [results, setResults] = useState<readonly Ordered[]>();
  const [all, setAll] = useState(0);
  const [isBusy, setIsBusy] = useState(false);
  const isStopped = useRef(false);
  const start = async (request: Request) => {
    isStopped.current = false;
    setAll(request.count);
    setResults([]);
    setIsBusy(true);
    for (let i = 0; i < request.count && !isStopped.current; i++) {
      const ordered = await orderOne(api, request, String(i));
      setResults((before = []) => [...before, ordered]);
      if (ordered.error !== undefined) break; // the next ones would fail for the same reason
    }
    setIsBusy(false);
  };
  const stop = () => {
    isStopped.current = true;
  };
  return { results, all, isBusy, start, stop, clear: () => setResults(undefined) };
}

async function orderOne(
  api: ESIMRSPApi,
  { iccid, type = '', terms }: Request,
  key: string,
): Promise<Ordered> {
  try {
    const { data }: ApiResponse<OrderEUICCProfileOfTypeResponse> =
      iccid === undefined
        ? await api.orderEUICCProfileOfType({ ...terms, profile_type: type })
        : await api.orderEUICCProfile(iccid, terms);
    return {
      key,
      iccid: data.iccid || undefined, // an upstream that chooses the profile has not chosen it yet
      state: data.state,
      msisdn: data.msisdn,
      subscription: data.subscription,
      pending: data.pending_operation,
    };
  } catch (error) {
    return { key, iccid, state: undefined, error: error instanceof ApiError ? error.message : String(error) };
  }
}
