import type { LabEvent } from '@esim-rsp/sdk';
import { useText } from '../../text/text.ts';
import { CallRow } from './call-row.tsx';

/** What LPA, eUICC and SM-DP+ say to each other: three columns, and an arrow for each call. */
export function Conversation({ events }: { events: readonly LabEvent[] }) {
  const words = useText().phone;
  const transaction = events.findLast(({ step }) => step?.transaction_id !== undefined)?.step?.transaction_id;
  const rows = events.filter(
    ({ type }) => type === 'call' || type === 'question' || type === 'download.ended',
  );
  return (
    <section className="conversation" aria-label={words.conversation}>
      <h2>{words.conversation}</h2>
      <div className="parties" aria-hidden="true">
        <span>
          eUICC <small>{words.euicc}</small>
        </span>
        <span>
          LPA <small>{words.lpa}</small>
        </span>
        <span>
          SM-DP+ <small>{words.smdp}</small>
        </span>
      </div>
      {rows.length === 0 && <p className="muted">{words.silent}</p>}
      <ol className="calls">
        {rows.map(({ id, type, call, question, end }) => (
          <li key={id}>
            {call !== undefined ? (
              <CallRow call={call} transaction={transaction} />
            ) : type === 'question' ? (
              <p className="aside">{question?.kind === 'consent' ? words.asksConsent : words.asksCode}</p>
            ) : (
              <p className={`aside ${end?.outcome}`}>{end && words.ended[end.outcome]}</p>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
