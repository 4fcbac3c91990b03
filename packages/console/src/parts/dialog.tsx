import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useText } from '../text/text.ts';

type Props = {
  readonly title: string;
  readonly children: ReactNode;
  readonly action: string;
  readonly onAction: () => void;
  readonly onClose: () => void;
  readonly isBusy?: boolean;
};

/** Asks before something that cannot be undone, and says what it will do. */
export function Confirm({ title, children, action, onAction, onClose, isBusy = false }: Props) {
  const text = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const { current } = dialog;
    if (current !== null && !current.open) current.showModal();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
      <div className="actions">
        <button type="button" onClick={() => dialog.current?.close()}>
          {text.back}
        </button>
        <button type="button" className="danger" onClick={onAction} disabled={isBusy}>
          {action}
        </button>
      </div>
    </dialog>
  );
}
