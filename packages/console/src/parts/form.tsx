import { useText } from '../text/text.ts';
import { Problem } from './problem.tsx';

/** The end of a form that creates or changes something: what was wrong, and the button. */
export function CreateEnd({ error, isChange = false }: { error: unknown; isChange?: boolean }) {
  const text = useText();
  return (
    <>
      <Problem error={error} />
      <div className="actions">
        <button type="submit" className="primary">
          {isChange ? text.save : text.create}
        </button>
      </div>
    </>
  );
}

/** The name of a field that may stay empty. */
export function Optional({ name }: { name: string }) {
  const text = useText();
  return (
    <span>
      {name} <span className="muted">({text.optional})</span>
    </span>
  );
}
