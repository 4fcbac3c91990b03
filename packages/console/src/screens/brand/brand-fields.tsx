import type { Brand, UpdateBrandRequest } from '@esim-rsp/sdk';
import { installLanguages } from '@esim-rsp/sdk';
import { Optional } from '../../parts/form.tsx';
import { useWords } from '../../text/text.ts';
import { Logo } from './logo.tsx';

type Props = {
  readonly brand: Brand;
  readonly changes: UpdateBrandRequest;
  readonly onChange: (changes: UpdateBrandRequest) => void;
};

/** The colour of the server, where the account has none. */
const USUAL_COLOUR = '#0b57d0';

/** What the account sets. An empty field removes what was set. */
export function BrandFields({ brand, changes, onChange }: Props) {
  const { text, language: own } = useWords();
  const words = text.brand;
  const names = new Intl.DisplayNames(own, { type: 'language' });
  type Name = 'name' | 'colour' | 'support_url' | 'support_email' | 'support_phone' | 'language';
  const field = (name: Name) => ({
    name,
    value: (changes[name] === undefined ? brand[name] : changes[name]) ?? '',
    onChange: ({ target }: { target: { value: string } }) => onChange({ [name]: target.value || null }),
  });
  const colour = field('colour');
  return (
    <>
      <label>
        {words.name}
        <input {...field('name')} maxLength={60} autoComplete="off" />
        <span className="muted">{words.nameHint}</span>
      </label>
      <Logo logo={brand.logo} onChange={(logo) => onChange({ logo })} />
      <fieldset className="colour">
        <legend>{words.colour}</legend>
        <input
          {...colour}
          type="color"
          value={colour.value || USUAL_COLOUR}
          aria-label={words.colourChoose}
        />
        <input
          {...colour}
          aria-label={words.colourDigits}
          pattern="#[0-9a-fA-F]{6}"
          placeholder={USUAL_COLOUR}
          autoComplete="off"
          spellCheck={false}
        />
        <p className="muted">{words.colourHint}</p>
      </fieldset>
      <label>
        <Optional name={words.supportUrl} />
        <input
          {...field('support_url')}
          type="url"
          pattern="https://.*"
          maxLength={500}
          placeholder="https://"
        />
      </label>
      <div className="columns">
        <label>
          <Optional name={words.supportEmail} />
          <input {...field('support_email')} type="email" maxLength={254} autoComplete="off" />
        </label>
        <label>
          <Optional name={words.supportPhone} />
          <input {...field('support_phone')} type="tel" maxLength={32} autoComplete="off" />
        </label>
      </div>
      <label>
        {words.language}
        <select {...field('language')}>
          <option value="">{names.of('en')}</option>
          {installLanguages
            .filter((code) => code !== 'en')
            .map((code) => (
              <option key={code} value={code}>
                {names.of(code)}
              </option>
            ))}
        </select>
        <span className="muted">{words.languageHint}</span>
      </label>
    </>
  );
}
