import { useEffect, useRef, useState } from 'react';

export type Preview<T> = { readonly shown: T | undefined; readonly error: unknown };

/** Milliseconds without another key, after which a preview is loaded. */
const PAUSE = 300;

/** Loads a preview when its request has changed, after a pause. What was shown last stays until then, and while the request is refused. */
export function usePreview<R, T>(
  request: R,
  load: (request: R, signal: AbortSignal) => Promise<T>,
): Preview<T> {
  const [state, setState] = useState<Preview<T>>({ shown: undefined, error: undefined });
  const latest = useRef(load);
  latest.current = load;
  const key = JSON.stringify(request);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(
      () =>
        latest.current(JSON.parse(key) as R, stop.signal).then(
          (shown) => stop.signal.aborted || setState({ shown, error: undefined }),
          (error) => stop.signal.aborted || setState((before) => ({ ...before, error })),
        ),
      PAUSE,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [key]);
  return state;
}
