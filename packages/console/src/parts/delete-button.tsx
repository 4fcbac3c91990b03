import { useState } from 'react';
import { useLocation } from 'wouter';
import { useText } from '../text/text.ts';
import { Confirm } from './dialog.tsx';
import { Problem } from './problem.tsx';

type Props = {
  readonly title: string;
  /** What else goes with it. */
  readonly what: string;
  readonly remove: () => Promise<unknown>;
  /** The screen that is shown then. */
  readonly next: string;
};

/** Deletes what the screen is about, after a question. */
export function DeleteButton({ title, what, remove, next }: Props) {
  const text = useText();
  const [, navigate] = useLocation();
  const [isAsked, setIsAsked] = useState(false);
  const [error, setError] = useState<unknown>();
  return (
    <>
      <button type="button" onClick={() => setIsAsked(true)}>
        {text.delete}
      </button>
      <Problem error={error} />
      {isAsked && (
        <Confirm
          title={title}
          action={text.delete}
          onClose={() => setIsAsked(false)}
          onAction={() => {
            setIsAsked(false);
            setError(undefined);
            remove().then(() => navigate(next), setError);
          }}
        >
          <p>{what}</p>
        </Confirm>
      )}
    </>
  );
}
