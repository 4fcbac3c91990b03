import type { ReactNode } from 'react';
import { useText } from '../text/text.ts';
import { Copy } from './copy.tsx';

/** A secret that the server shows once, and what to know about it. */
export function Once({ name, value, children }: { name: string; value: string; children?: ReactNode }) {
  const text = useText();
  return (
    <div className="notice" role="status">
      <p>
        {name}: <code>{value}</code> <Copy value={value} />
      </p>
      <p className="muted">
        {text.once} {children}
      </p>
    </div>
  );
}
