import type { CreateProfileTemplateRequest } from '@esim-rsp/sdk';
import { type FormEvent, useState } from 'react';
import { CreateEnd, Optional } from '../../parts/form.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

/** A new template: its ranges, and what phones show of its profiles. */
export function NewTemplate({ onDone }: { onDone: () => void }) {
  const text = useText();
  const words = text.types;
  const ranges = text.order;
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
      <label>
        {ranges.iccidStart}
        <input name="iccid" inputMode="numeric" pattern="[0-9 ]{18,24}" required autoComplete="off" />
      </label>
      <div className="columns">
        <label>
          {ranges.imsiStart}
          <input name="imsi" inputMode="numeric" pattern="[0-9 ]{6,20}" required autoComplete="off" />
        </label>
        <label>
          <Optional name={ranges.msisdnStart} />
          <input name="msisdn" inputMode="tel" pattern="[+]?[0-9 ]{1,24}" autoComplete="off" />
        </label>
      </div>
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
  const digits = (name: string) => field(name).replaceAll(' ', '');
  const [msisdn, name, provider, master] = [
    digits('msisdn'),
    field('name'),
    field('provider'),
    field('master'),
  ];
  return {
    profile_type: field('type'),
    size: Number(field('size')),
    iccid_start: digits('iccid'),
    imsi_start: digits('imsi'),
    ...(msisdn !== '' && { msisdn_start: msisdn }),
    ...(name !== '' && { profile_name: name }),
    ...(provider !== '' && { service_provider_name: provider }),
    ...(master !== '' && { master_key: master }),
  };
}
