import type { CreateOperatorRequest, Operator, UpdateOperatorRequest } from '@esim-rsp/sdk';
import { type FormEvent, useState } from 'react';
import { fileIn, filled, PemField } from '../../parts/file-field.tsx';
import { CreateEnd, Optional } from '../../parts/form.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

type Settings = Omit<CreateOperatorRequest, 'name'> & UpdateOperatorRequest;

type Props = {
  /** Absent: a new one. */
  readonly operator?: Operator;
  readonly onSave: (settings: Settings, name: string) => Promise<void>;
};

/** Who an operator is, and where it is notified. A key goes to the server, and never comes back. */
export function OperatorForm({ operator, onSave }: Props) {
  const words = useText().deliveries;
  const [error, setError] = useState<unknown>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setError(undefined);
    const form = new FormData(event.currentTarget);
    try {
      await onSave(await readSettings(form), String(form.get('name') ?? operator?.name ?? '').trim());
    } catch (problem) {
      setError(problem);
    }
  };
  const isNew = operator === undefined;
  return (
    <form className="form framed" onSubmit={submit}>
      {isNew && (
        <label>
          {words.operatorName}
          <input name="name" required pattern="[A-Za-z0-9._\-]{1,64}" autoComplete="off" />
        </label>
      )}
      <label>
        {words.identity}
        <select name="kind" defaultValue="certificate">
          <option value="certificate">{words.oneCertificate}</option>
          <option value="ca">{words.anyOfCa}</option>
        </select>
      </label>
      <PemField name="certificate" label={words.certificateFile} isOptional={!isNew} />
      <label>
        <Optional name={words.requesters} />
        <input
          name="requesters"
          autoComplete="off"
          defaultValue={operator?.requester_identifiers.join(', ')}
        />
        <span className="muted">{words.requestersHint}</span>
      </label>
      <label>
        <Optional name={words.notified} />
        <input
          name="url"
          type="url"
          placeholder="https://"
          autoComplete="off"
          defaultValue={operator?.progress?.url}
        />
      </label>
      <label>
        {words.points}
        <select name="style" defaultValue={operator?.progress?.style ?? 'standard'}>
          {(['standard', '5-8', '101'] as const).map((style) => (
            <option key={style} value={style}>
              {words.styles[style]}
            </option>
          ))}
        </select>
      </label>
      <PemField name="ownCertificate" label={words.ownCertificate} isOptional />
      <PemField name="ownKey" label={words.ownKey} isOptional />
      <PemField name="otherCa" label={words.otherCa} isOptional />
      <CreateEnd error={error} isChange={!isNew} />
    </form>
  );
}

async function readSettings(form: FormData): Promise<Settings> {
  const field = (name: string) => String(form.get(name) ?? '').trim();
  const identity = await fileIn(form, 'certificate');
  const identifiers = field('requesters')
    .split(/[\s,]+/)
    .filter((one) => one !== '');
  const url = field('url');
  return {
    ...(identity !== undefined && { [field('kind') === 'ca' ? 'ca' : 'certificate']: identity }),
    ...(identifiers.length > 0 && { requester_identifiers: identifiers }),
    ...(url !== '' && { progress_url: url, progress_style: field('style') as 'standard' }),
    ...filled<Settings>({
      progress_certificate: await fileIn(form, 'ownCertificate'),
      progress_key: await fileIn(form, 'ownKey'),
      progress_ca: await fileIn(form, 'otherCa'),
    } as Settings),
  };
}

/** Changes an operator, by its form. */
export function useOperatorChange(name: string, onDone: () => void) {
  const api = useApi();
  return async (settings: Settings) => {
    const end = settings.progress_url === undefined ? { progress_url: null } : {};
    await api.updateOperator(name, { ...end, ...settings });
    onDone();
  };
}
