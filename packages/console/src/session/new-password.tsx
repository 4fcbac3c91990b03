import { useId } from 'react';
import { useText } from '../text/text.ts';

/** The rules of the server. */
const LEAST_CHARACTERS = 10;
const MOST_CHARACTERS = 200;

/** The fields of a form for a new password: twice, so that a slip is noticed. */
export function NewPassword({ differ }: { differ: boolean }) {
  const words = useText().password;
  const id = useId();
  const field = {
    type: 'password',
    required: true,
    minLength: LEAST_CHARACTERS,
    maxLength: MOST_CHARACTERS,
    autoComplete: 'new-password',
  } as const;
  return (
    <>
      <label>
        {words.new}
        <input name="new" {...field} aria-describedby={id} />
      </label>
      <p className="muted" id={id}>
        {words.rule(LEAST_CHARACTERS)}
      </p>
      <label>
        {words.again}
        <input name="again" {...field} aria-invalid={differ} />
      </label>
      {differ && (
        <p className="problem" role="alert">
          {words.differ}
        </p>
      )}
    </>
  );
}

/** The password of such a form; undefined: the two differ. */
export function readNewPassword(form: FormData): string | undefined {
  const password = String(form.get('new'));
  return password === String(form.get('again')) ? password : undefined;
}
