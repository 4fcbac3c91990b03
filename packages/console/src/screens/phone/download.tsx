import type { LabEvent } from '@esim-rsp/sdk';
import { Link } from 'wouter';
import { useText } from '../../text/text.ts';

type End = NonNullable<LabEvent['end']>;

/** How far the download is: of the four calls, the last that was made. */
export function Working({ events }: { events: readonly LabEvent[] }) {
  const words = useText().phone;
  const steps = events.flatMap(({ step }) => step ?? []);
  const done = CALLS.filter((name) => events.some(({ call }) => call?.function === name)).length;
  return (
    <div className="working">
      <h2>{words.working}</h2>
      <progress max={CALLS.length} value={done} aria-label={words.working} />
      <p role="status">{steps.at(-1)?.text ?? ''}</p>
    </div>
  );
}

const CALLS = [
  'initiateAuthentication',
  'authenticateClient',
  'getBoundProfilePackage',
  'loadBoundProfilePackage',
  'handleNotification',
] as const;

/** How the download ended, and what to do. */
export function Ended({ end, onClose }: { end: End; onClose: () => void }) {
  const text = useText();
  const words = text.phone;
  const isInstalled = end.outcome === 'installed';
  const known = text.reason[`${end.subject_code}/${end.reason_code}`];
  return (
    <div className={isInstalled ? 'ended well' : 'ended badly'}>
      <h2>{words.ended[end.outcome]}</h2>
      <p role="status">{known?.what ?? end.message}</p>
      {end.subject_code !== undefined && (
        <p className="muted">
          {end.step} · {end.subject_code}/{end.reason_code}
        </p>
      )}
      {end.advice !== undefined && <p>→ {end.advice}</p>}
      {end.transaction_id !== undefined && (
        <p>
          <Link href={`/downloads/${end.transaction_id}`}>{words.checks}</Link>
        </p>
      )}
      {end.iccid !== undefined && (
        <p>
          <Link href={`/profiles/${end.iccid}`}>{words.profile}</Link>
        </p>
      )}
      <button type="button" className="primary" onClick={onClose}>
        {words.toList}
      </button>
    </div>
  );
}
