import type { CreateWebhookRequest } from '@esim-rsp/sdk';
import { type FormEvent, useState } from 'react';
import { CreateEnd, Optional } from '../../parts/form.tsx';
import { Once } from '../../parts/once.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

/** A new webhook; its secret is shown once. */
export function NewWebhook({ onDone }: { onDone: () => void }) {
  const text = useText();
  const words = text.deliveries;
  const api = useApi();
  const [secret, setSecret] = useState<string>();
  const [error, setError] = useState<unknown>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setError(undefined);
    try {
      const { data } = await api.createWebhook(readRequest(new FormData(event.currentTarget)));
      setSecret(data.secret);
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  if (secret !== undefined) return <Once name={words.secret} value={secret} />;
  return (
    <form className="form framed" onSubmit={submit}>
      <label>
        {words.url}
        <input name="url" type="url" required placeholder="https://" autoComplete="off" />
        <span className="muted">{words.urlHint}</span>
      </label>
      <label>
        <Optional name={words.events} />
        <input name="events" autoComplete="off" placeholder="profile.installed, profile.error" />
        <span className="muted">{words.eventsHint}</span>
      </label>
      <label>
        <Optional name={words.description} />
        <input name="description" autoComplete="off" />
      </label>
      <CreateEnd error={error} />
    </form>
  );
}

function readRequest(form: FormData): CreateWebhookRequest {
  const field = (name: string) => String(form.get(name) ?? '').trim();
  const events = field('events')
    .split(/[\s,]+/)
    .filter((event) => event !== '') as NonNullable<CreateWebhookRequest['events']>;
  const description = field('description');
  return {
    url: field('url'),
    ...(events.length > 0 && { events }),
    ...(description !== '' && { description }),
  };
}
