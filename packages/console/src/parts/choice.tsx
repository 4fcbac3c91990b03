type Props = {
  readonly type: 'radio' | 'checkbox';
  /** The field of the form, and what it has when this is chosen. */
  readonly field: string;
  readonly value: string;
  readonly isByDefault: boolean;
  readonly name: string;
  readonly what: string;
};

/** A choice in a form, with what it means: next to its name, or below it on a phone. */
export function Choice({ type, field, value, isByDefault, name, what }: Props) {
  return (
    <label className="choice">
      <input type={type} name={field} value={value} defaultChecked={isByDefault} /> <span>{name}</span>{' '}
      <span className="muted">{what}</span>
    </label>
  );
}
