import { type ReactNode, useEffect } from 'react';
import { useText } from '../text/text.ts';

/** The heading of a screen, which the window shows too, with a count behind it and buttons at its end. */
export function Title(props: { children: string; count?: ReactNode; actions?: ReactNode; name?: ReactNode }) {
  const { product } = useText();
  const { children, count, actions, name } = props;
  useEffect(() => {
    document.title = `${children} · ${product}`;
  }, [children, product]);
  return (
    <div className="title">
      <h1>{name ?? children}</h1>
      {count !== undefined && <p className="muted count">{count}</p>}
      {actions !== undefined && <div className="actions">{actions}</div>}
    </div>
  );
}
