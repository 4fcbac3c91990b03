import type { Brand } from '@esim-rsp/sdk';
import { useId, useState } from 'react';
import { useText } from '../../text/text.ts';

/** The largest picture that the server takes. */
const MOST_BYTES = 65_536;
const TYPES = ['image/png', 'image/jpeg', 'image/webp'];

type Props = {
  readonly logo: Brand['logo'];
  /** In base64; null: none. */
  readonly onChange: (logo: string | null) => void;
};

/** The logo: choose a picture, see it, remove it. The server checks type and size again. */
export function Logo({ logo, onChange }: Props) {
  const words = useText().brand;
  const id = useId();
  const [chosen, setChosen] = useState<string | null>();
  const [fault, setFault] = useState<string>();
  const shown = chosen === undefined ? logo && new URL(logo.url).pathname : chosen;
  const choose = async (file: File | undefined) => {
    if (file === undefined) return;
    if (!TYPES.includes(file.type)) return setFault(words.logoType);
    if (file.size > MOST_BYTES) return setFault(words.logoSize);
    const address = await dataUrlOf(file);
    setFault(undefined);
    setChosen(address);
    onChange(address.slice(address.indexOf(',') + 1));
  };
  const remove = () => {
    setFault(undefined);
    setChosen(null);
    onChange(null);
  };
  return (
    <div className="logo">
      <label htmlFor={id}>{words.logo}</label>
      {shown && <img src={shown} alt={words.logoAlt} />}
      <div className="actions">
        <input
          id={id}
          type="file"
          accept={TYPES.join(',')}
          aria-describedby={`${id}-hint`}
          onChange={({ target }) => choose(target.files?.[0])}
        />
        {shown && (
          <button type="button" onClick={remove}>
            {words.logoRemove}
          </button>
        )}
      </div>
      <span id={`${id}-hint`} className="muted">
        {words.logoHint}
      </span>
      {fault !== undefined && <p role="alert">{fault}</p>}
    </div>
  );
}

function dataUrlOf(file: File): Promise<string> {
  const reader = new FileReader();
  return new Promise((resolve, reject) => {
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
