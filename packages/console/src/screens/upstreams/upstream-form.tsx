import type { CreateUpstreamRequest, UpdateUpstreamRequest, Upstream } from '@esim-rsp/sdk';
import { type FormEvent, useState } from 'react';
import { fileIn, filled, PemField } from '../../parts/file-field.tsx';
import { CreateEnd } from '../../parts/form.tsx';
import { useText } from '../../text/text.ts';
import { Dialect, dialectIn } from './dialect.tsx';

type Props =
  | { readonly upstream?: undefined; readonly onSave: (request: CreateUpstreamRequest) => Promise<void> }
  | { readonly upstream: Upstream; readonly onSave: (request: UpdateUpstreamRequest) => Promise<void> };

/** A new upstream, or changes of one. Its key goes to the server, and never comes back. */
export function UpstreamForm({ upstream, onSave }: Props) {
  const words = useText().upstreams;
  const [error, setError] = useState<unknown>();
  const isNew = upstream === undefined;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setError(undefined);
    try {
      const request = await readRequest(new FormData(event.currentTarget), isNew);
      await onSave(request as CreateUpstreamRequest);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <form className="form framed" onSubmit={submit}>
      {isNew && (
        <label>
          {words.name}
          <input name="name" required pattern="[A-Za-z0-9._\-]{1,64}" autoComplete="off" />
        </label>
      )}
      <label>
        {words.url}
        <input
          name="url"
          type="url"
          required
          placeholder="https://"
          autoComplete="off"
          defaultValue={upstream?.url}
        />
        <span className="muted">{words.urlHint}</span>
      </label>
      <PemField name="certificate" label={words.certificateFile} isOptional={!isNew} />
      <PemField name="key" label={words.keyFile} isOptional={!isNew} />
      <PemField name="ca" label={words.caFile} isOptional />
      <PemField name="callback" label={words.callbackFile} isOptional />
      <label>
        {words.requester}
        <input name="requester" required autoComplete="off" defaultValue={upstream?.requester_identifier} />
        <span className="muted">{words.requesterHint}</span>
      </label>
      <label>
        {words.smdpAddress}
        <input
          name="address"
          required
          placeholder="rsp.vendor.example.com"
          autoComplete="off"
          defaultValue={upstream?.smdp_address}
        />
      </label>
      {!isNew && <Dialect upstream={upstream} />}
      <CreateEnd error={error} isChange={!isNew} />
    </form>
  );
}

async function readRequest(form: FormData, isNew: boolean): Promise<UpdateUpstreamRequest> {
  const field = (name: string) => String(form.get(name) ?? '').trim();
  const members = {
    ...(isNew && { name: field('name') }),
    url: field('url'),
    client_certificate: await fileIn(form, 'certificate'),
    client_key: await fileIn(form, 'key'),
    ca: await fileIn(form, 'ca'),
    callback_certificate: await fileIn(form, 'callback'),
    requester_identifier: field('requester'),
    smdp_address: field('address'),
  };
  return {
    ...filled<CreateUpstreamRequest>(members as CreateUpstreamRequest),
    ...(!isNew && dialectIn(form)),
  };
}
