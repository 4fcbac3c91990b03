import type { SettleOperationRequest, UpstreamOperation } from '@esim-rsp/sdk';
import { type FormEvent, useState } from 'react';
import { Choice } from '../../parts/choice.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { Optional } from '../../parts/form.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useApi } from '../../session/session.ts';
import { useText } from '../../text/text.ts';

type Props = { readonly operation: UpstreamOperation; readonly onDone: () => void };

/** What the vendor's portal shows for a call whose outcome is not known. It is asked before it is sent. */
export function Settle({ operation, onDone }: Props) {
  const text = useText();
  const words = text.operations;
  const api = useApi();
  const [asked, setAsked] = useState<SettleOperationRequest>();
  const [error, setError] = useState<unknown>();
  const isConfirmation = operation.call === 'confirmOrder';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setError(undefined);
    setAsked(readRequest(new FormData(event.currentTarget)));
  };
  const send = (request: SettleOperationRequest) => {
    setAsked(undefined);
    api.settleOperation(operation.id, request).then(onDone, setError);
  };
  return (
    <section aria-label={words.settle}>
      <h2>{words.settle}</h2>
      <p className="muted">{words.settleWhat}</p>
      <form className="form framed" onSubmit={submit}>
        <fieldset>
          <legend>{words.outcome(operation.call)}</legend>
          {(['done', 'not_done'] as const).map((value) => (
            <Choice
              key={value}
              type="radio"
              field="outcome"
              value={value}
              isByDefault={value === 'not_done'}
              name={words.outcomes[value]}
              what={words.outcomesMean[value]}
            />
          ))}
        </fieldset>
        {operation.iccid === undefined && <Field name="iccid" title={words.iccidThere} />}
        {isConfirmation && (
          <>
            <Field name="matchingId" title={words.matchingIdThere} />
            <Field name="address" title={words.addressThere} />
          </>
        )}
        <Problem error={error} />
        <div className="actions">
          <button type="submit" className="primary">
            {words.settleNow}
          </button>
        </div>
      </form>
      {asked && (
        <Confirm
          title={words.settleAsk}
          action={words.outcomes[asked.outcome]}
          onClose={() => setAsked(undefined)}
          onAction={() => send(asked)}
        >
          <p>{words.outcomesMean[asked.outcome]}</p>
          <p>{words.settleKept}</p>
        </Confirm>
      )}
    </section>
  );
}

function Field({ name, title }: { name: string; title: string }) {
  return (
    <label>
      <Optional name={title} />
      <input name={name} autoComplete="off" maxLength={255} />
    </label>
  );
}

function readRequest(form: FormData): SettleOperationRequest {
  const field = (name: string) => String(form.get(name) ?? '').trim();
  const [iccid, matchingId, address] = [field('iccid'), field('matchingId'), field('address')];
  return {
    outcome: field('outcome') as SettleOperationRequest['outcome'],
    ...(iccid !== '' && { iccid }),
    ...(matchingId !== '' && { matching_id: matchingId }),
    ...(address !== '' && { smdp_address: address }),
  };
}
