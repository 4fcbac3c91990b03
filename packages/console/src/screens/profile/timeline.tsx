import type { ProfileEvent } from '@esim-rsp/sdk';
import { Link } from 'wouter';
import { Digits } from '../../parts/digits.tsx';
import type { Pages } from '../../parts/load.ts';
import { Problem } from '../../parts/problem.tsx';
import { familyOf, Shape } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { useText } from '../../text/text.ts';
import { explain } from './sentence.ts';

/** What happened to the profile, the newest first, with seconds. */
export function Timeline({ events }: { events: Pages<ProfileEvent> }) {
  const text = useText();
  const words = text.profile;
  const { rows, hasMore, isLoading, error, more } = events;
  return (
    <section aria-label={words.timeline}>
      <h2>{words.timeline}</h2>
      {rows.length === 0 && !isLoading && <p className="muted">{words.timelineEmpty}</p>}
      <ol className="timeline">
        {rows.map((event) => (
          <Entry key={event.id} event={event} />
        ))}
      </ol>
      <Problem error={error} />
      {hasMore && (
        <button type="button" onClick={more} disabled={isLoading}>
          {text.more}
        </button>
      )}
    </section>
  );
}

function Entry({ event }: { event: ProfileEvent }) {
  const text = useText();
  const words = text.profile;
  const { type, occurred_at, actor, to, reason, message, transaction_id, replaced_by, replaces } = event;
  const failure = reason === undefined ? undefined : explain(reason, text);
  const isFailure = failure !== undefined;
  return (
    <li>
      <Time at={occurred_at} isExact />
      <Shape family={isFailure ? 'failed' : familyOf[to]} />
      <div>
        <strong>{text.event[type] ?? type}</strong> <span className="muted">{who(actor, words)}</span>
        {actor.eid !== undefined && (
          <span className="muted">
            {' '}
            · EID <Digits value={actor.eid} />
          </span>
        )}
        {isFailure && (
          <p>
            {failure.what} <span className="muted">{failure.codes}</span>
          </p>
        )}
        {message !== undefined && <blockquote>{message}</blockquote>}
        {replaced_by !== undefined && <Other label={words.replacedBy} iccid={replaced_by} />}
        {replaces !== undefined && <Other label={words.replaces} iccid={replaces} />}
        {transaction_id !== undefined && (
          <p>
            <Link href={`/downloads/${transaction_id}`}>{text.downloads.show}</Link>
          </p>
        )}
      </div>
    </li>
  );
}

function Other({ label, iccid }: { label: string; iccid: string }) {
  return (
    <p>
      {label}{' '}
      <Link href={`/profiles/${iccid}`}>
        <Digits value={iccid} />
      </Link>
    </p>
  );
}

function who(actor: ProfileEvent['actor'], words: ReturnType<typeof useText>['profile']): string {
  if (actor.kind === 'operator') return words.by.operator(actor.operator ?? '');
  return words.by[actor.kind];
}
