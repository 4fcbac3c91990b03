import {
  type Brand,
  type InstallLanguage,
  type InstallLinkState,
  installLanguages,
  installLinkStates,
  type PreviewInstallPageRequest,
  type UpdateBrandRequest,
} from '@esim-rsp/sdk';
import { useState } from 'react';
import { Problem } from '../../parts/problem.tsx';
import { useApi } from '../../session/session.ts';
import { useWords } from '../../text/text.ts';
import { DocumentFrame } from './document-frame.tsx';
import { usePreview } from './use-preview.ts';

const devices = ['apple', 'android', 'windows', 'other'] as const;
type Device = (typeof devices)[number];

/** The page as a customer would see it, with changes that are not saved. */
export function PagePreview({ changes, saved }: { changes: UpdateBrandRequest; saved: Brand }) {
  const { text, language: own } = useWords();
  const words = text.brand;
  const api = useApi();
  const [language, setLanguage] = useState<InstallLanguage>(saved.language ?? own);
  const [state, setState] = useState<InstallLinkState>('waiting');
  const [device, setDevice] = useState<Device>('apple');
  const names = new Intl.DisplayNames(own, { type: 'language' });
  const asked: PreviewInstallPageRequest = { language, state, device, brand: changes };
  const { shown, error } = usePreview(
    { asked, saved },
    async (request, signal) => (await api.previewInstallPage(request.asked, { signal })).data.html,
  );
  return (
    <section className="preview" aria-label={words.preview}>
      <div className="choices">
        <Choice
          label={words.device}
          value={device}
          values={devices}
          names={words.devices}
          onChange={setDevice}
        />
        <Choice
          label={words.state}
          value={state}
          values={installLinkStates}
          names={words.states}
          onChange={setState}
        />
        <Choice
          label={words.pageLanguage}
          value={language}
          values={installLanguages}
          names={(code) => names.of(code) ?? code}
          onChange={setLanguage}
        />
      </div>
      <Problem error={error} />
      {shown === undefined ? <p>{text.loading}</p> : <DocumentFrame html={shown} title={words.preview} />}
    </section>
  );
}

type ChoiceProps<T extends string> = {
  readonly label: string;
  readonly value: T;
  readonly values: readonly T[];
  readonly names: Readonly<Record<T, string>> | ((value: T) => string);
  readonly onChange: (value: T) => void;
};

function Choice<T extends string>({ label, value, values, names, onChange }: ChoiceProps<T>) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ target }) => onChange(target.value as T)}>
        {values.map((one) => (
          <option key={one} value={one}>
            {typeof names === 'function' ? names(one) : names[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
