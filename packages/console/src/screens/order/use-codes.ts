import { useRef, useState } from 'react';
import { useApi } from '../../session/session.ts';

/** Activation codes by ICCID, of profiles that wait to be downloaded. */
export type Codes = ReturnType<typeof useCodes>;

const AT_ONCE = 6;

/** Reads the activation codes of many profiles, each by the call that the server records, until somebody stops it. */
export function useCodes() {
  const api = useApi();
  const [known, setKnown] = useState<ReadonlyMap<string, string>>(new Map());
  const [error, setError] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const isStopped = useRef(false);
  const read = async (iccids: readonly string[]) => {
    const missing = iccids.filter((iccid) => !known.has(iccid));
    isStopped.current = false;
    setError(undefined);
    setIsBusy(true);
    try {
      for (let i = 0; i < missing.length && !isStopped.current; i += AT_ONCE) {
        const some = missing.slice(i, i + AT_ONCE).map(async (iccid) => {
          const { data } = await api.readActivationCode(iccid);
          return [iccid, data.activation_code] as const;
        });
        const codes = await Promise.all(some);
        setKnown((before) => new Map([...before, ...codes]));
      }
    } catch (problem) {
      setError(problem);
    } finally {
      setIsBusy(false);
    }
  };
  const stop = () => {
    isStopped.current = true;
  };
  return { known, error, isBusy, read, stop };
}
