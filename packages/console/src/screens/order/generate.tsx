import type { GenerateEUICCProfilesRequest } from '@esim-rsp/sdk';
import { type FormEvent, useState } from 'react';
import { Optional } from '../../parts/form.tsx';
import { useNumber } from '../../parts/numbers.ts';
import { Problem } from '../../parts/problem.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { RangeFields, rangesIn } from './range-fields.tsx';
import type { Ordered } from './use-orders.ts';

const MOST = 250;

/** New profiles from number ranges. Their keys are shown once. */
export function GenerateForm({ onDone }: { onDone: (generated: readonly Ordered[]) => void }) {
  const text = useText();
  const words = text.order;
  const api = useApi();
  const write = useNumber();
  const [error, setError] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const request = readRequest(new FormData(event.currentTarget));
    setIsBusy(true);
    setError(undefined);
    try {
      const { data } = await api.generateEUICCProfiles(request);
      onDone(
        data.subscriptions.map((subscription) => ({
          key: subscription.iccid,
          iccid: subscription.iccid,
          state: 'AVAILABLE' as const,
          msisdn: subscription.msisdn,
          subscription,
        })),
      );
    } catch (problem) {
      setError(problem);
      setIsBusy(false);
    }
  };
  return (
    <form className="form" onSubmit={submit}>
      <div className="columns">
        <label>
          {words.count}
          <input name="count" type="number" min="1" max={MOST} defaultValue="10" required />
          <span className="muted">{words.countHint(write(MOST))}</span>
        </label>
        <label>
          <Optional name={words.type} />
          <input name="type" autoComplete="off" />
        </label>
      </div>
      <RangeFields />
      <Problem error={error} />
      <div className="actions">
        <button type="submit" className="primary" disabled={isBusy}>
          {isBusy ? text.loading : words.submitGenerate}
        </button>
      </div>
    </form>
  );
}

function readRequest(form: FormData): GenerateEUICCProfilesRequest {
  const field = (name: string) => String(form.get(name) ?? '').trim();
  const type = field('type');
  return {
    count: Number(field('count')),
    ...rangesIn(form),
    ...(type !== '' && { profile_type: type }),
  };
}
