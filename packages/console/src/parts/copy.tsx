import { useEffect, useState } from 'react';
import { useText } from '../text/text.ts';

/** Copies a text, and says so. */
export function Copy({ value, label }: { value: string; label?: string }) {
  const text = useText();
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <button
      type="button"
      className="small"
      onClick={() => navigator.clipboard.writeText(value).then(() => setIsCopied(true))}
    >
      {isCopied ? text.copied : (label ?? text.copy)}
    </button>
  );
}
