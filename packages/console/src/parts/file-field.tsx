import { Optional } from './form.tsx';

type Props = { readonly name: string; readonly label: string; readonly isOptional?: boolean };

/** A field for a file in PEM. */
export function PemField({ name, label, isOptional = false }: Props) {
  return (
    <label>
      {isOptional ? <Optional name={label} /> : label}
      <input name={name} type="file" accept=".pem,.crt,.cer,.key" required={!isOptional} />
    </label>
  );
}

/** The text of a file of a form; undefined: none was chosen. */
export async function fileIn(form: FormData, name: string): Promise<string | undefined> {
  const file = form.get(name);
  return file instanceof File && file.size > 0 ? await file.text() : undefined;
}

/** The members that have a value. */
export function filled<T extends object>(members: { readonly [N in keyof T]: T[N] | undefined }): Partial<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== ''),
  ) as Partial<T>;
}
