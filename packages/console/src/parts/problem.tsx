import { ApiError, ConnectionError } from '@esim-rsp/sdk';
import { useText } from '../text/text.ts';
import { Copy } from './copy.tsx';

/** What went wrong, what to do, and the request id to quote. */
export function Problem({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const text = useText();
  if (error === undefined) return null;
  const { message, fields, requestId } = describe(error, text.problem);
  return (
    <div className="problem" role="alert">
      <p lang={error instanceof ApiError ? 'en' : undefined}>{message}</p>
      {fields.length > 0 && (
        <ul>
          {fields.map(({ field, message: reason }) => (
            <li key={field}>
              <code>{field}</code>: {reason}
            </li>
          ))}
        </ul>
      )}
      {requestId !== undefined && (
        <p className="muted">
          {text.requestId}: <code>{requestId}</code> <Copy value={requestId} />
        </p>
      )}
      {onRetry !== undefined && (
        <button type="button" onClick={onRetry}>
          {text.retry}
        </button>
      )}
    </div>
  );
}

type Described = {
  readonly message: string;
  readonly fields: readonly { readonly field: string; readonly message: string }[];
  readonly requestId?: string | undefined;
};

function describe(error: unknown, words: { network: string; unknown: string }): Described {
  if (error instanceof ApiError)
    return { message: error.message, fields: error.errors ?? [], requestId: error.requestId };
  if (error instanceof ConnectionError) return { message: words.network, fields: [] };
  return {
    message: `${words.unknown} (${error instanceof Error ? error.message : String(error)})`,
    fields: [],
  };
}
