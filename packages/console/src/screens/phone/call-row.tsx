import type { LabCall, LabEvent } from '@esim-rsp/sdk';
import { useState } from 'react';
import { useLoad } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { useApi, useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { Checks } from '../downloads/checks.tsx';

type Summary = NonNullable<LabEvent['call']>;
type Props = { readonly call: Summary; readonly transaction: string | undefined };

/** One call as an arrow. Opened, it shows what it carries in words, what the server checked, and the octets. */
export function CallRow({ call, transaction }: Props) {
  const words = useText().phone;
  const [isOpen, setIsOpen] = useState(false);
  const target = call.to === 'euicc' ? 'eUICC' : 'SM-DP+';
  return (
    <details
      className={`arrow to-${call.to} ${call.outcome}`}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary>
        <span className="hidden">{`LPA → ${target}: `}</span>
        <code>{call.function}</code>
        <span className="octets">{words.octets(call.sent, call.received, call.parts)}</span>
        {call.outcome !== 'done' && (
          <strong className="refusal">
            {words.outcome[call.outcome]} {call.subject_code && `${call.subject_code}/${call.reason_code}`}
          </strong>
        )}
        <span className="about">{call.about}</span>
      </summary>
      {isOpen && <CallDetails call={call} transaction={transaction} />}
    </details>
  );
}

function CallDetails({ call, transaction }: Props) {
  const text = useText();
  const words = text.phone;
  const api = useApi();
  const mayRead = useMay('codes');
  const { data, error } = useLoad(
    async (signal) => (mayRead ? (await api.getLabCall(call.id, { signal })).data : undefined),
    [call.id, mayRead],
  );
  return (
    <div className="carried">
      {call.message !== undefined && <p>{call.message}</p>}
      <Problem error={error} />
      {data === undefined ? (
        mayRead && error === undefined && <p>{text.loading}</p>
      ) : (
        <>
          <Message title={words.request} message={data.request} />
          {data.answer !== undefined && <Message title={words.answer} message={data.answer} />}
        </>
      )}
      {call.to === 'smdp' && transaction !== undefined && (
        <ServerChecks transaction={transaction} name={call.function} />
      )}
    </div>
  );
}

function Message({ title, message }: { title: string; message: LabCall['request'] }) {
  const words = useText().phone;
  const [hasOctets, setHasOctets] = useState(false);
  return (
    <>
      <h3>
        {title}{' '}
        <button
          type="button"
          className="small"
          aria-pressed={hasOctets}
          onClick={() => setHasOctets(!hasOctets)}
        >
          {words.showOctets}
        </button>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard. */}
      <pre tabIndex={0} className={hasOctets ? 'octets-text' : ''}>
        {hasOctets ? `${message.octets}${message.is_cut ? ' …' : ''}` : message.explained}
      </pre>
    </>
  );
}

/** What the server checked of this call, as its download attempt has it. */
function ServerChecks({ transaction, name }: { transaction: string; name: string }) {
  const words = useText().phone;
  const api = useApi();
  const { data } = useLoad(
    async (signal) => (await api.getDownloadAttempt(transaction, { signal })).data,
    [transaction],
  );
  const checks = data?.calls.find((each) => each.function.toLowerCase() === name.toLowerCase())?.checks ?? [];
  if (checks.length === 0) return null;
  return (
    <>
      <h3>{words.serverChecked}</h3>
      <Checks checks={checks} />
    </>
  );
}
