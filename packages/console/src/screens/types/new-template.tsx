import type { CreateProfileTemplateRequest } from '@esim-rsp/sdk';
import { type FormEvent, useState } from 'react';
import { CreateEnd, Optional } from '../../parts/form.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { RangeFields, rangesIn } from '../order/range-fields.tsx';

/** A new template: its ranges, and what phones show of its profiles. */
export function NewTemplate({ onDone }: { onDone: () => void }) {
  const text = useText();
  const words = text.types;
  const api = useApi();
  const [error, setError] = useState<unknown>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setError(undefined);
    api.createProfileTemplate(readRequest(new FormData(event.currentTarget))).then(onDone, setError);
  };
  return (
    <form className="form framed" onSubmit={submit}>
      <div className="columns">
        <label>
          {words.type}
          <input name="type" required autoComplete="off" />
        </label>
        <label>
          {words.size}
          <input name="size" type="number" min="1" max="10000000" defaultValue="1000" required />
        </label>
      </div>
      <RangeFields />
      <div className="columns">
        <label>
          <Optional name={words.name} />
          <input name="name" autoComplete="off" />
        </label>
        <label>
          <Optional name={words.provider} />
          <input name="provider" autoComplete="off" />
        </label>
      </div>
      <label>
        <Optional name={words.masterKey} />
        <input name="master" type="password" pattern="[0-9a-fA-F]{32}" autoComplete="off" />
        <span className="muted">{words.masterHint}</span>
      </label>
      <CreateEnd error={error} />
    </form>
  );
}

function readRequest(form: FormData): CreateProfileTemplateRequest {
  const field = (name: string) => String(form.get(name) ?? '').trim();
  const [name, provider, master] = [field('name'), field('provider'), field('master')];
  return {
    profile_type: field('type'),
    size: Number(field('size')),
    ...rangesIn(form),
    ...(name !== '' && { profile_name: name }),
    ...(provider !== '' && { service_provider_name: provider }),
    ...(master !== '' && { master_key: master }),
  };
}
