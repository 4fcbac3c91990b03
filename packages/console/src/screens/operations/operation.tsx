import type { UpstreamOperation } from '@esim-rsp/sdk';
import { Link } from 'wouter';
import { useLive } from '../../frame/live.tsx';
import { Digits } from '../../parts/digits.tsx';
import { Facts } from '../../parts/facts.tsx';
import { useLoad } from '../../parts/load.ts';
import { useNumber } from '../../parts/numbers.ts';
import { Problem } from '../../parts/problem.tsx';
import { Time } from '../../parts/time.tsx';
import { Title } from '../../parts/title.tsx';
import { useApi, useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { OperationError, OperationState } from './operation-state.tsx';
import { Retry } from './retry.tsx';
import { Settle } from './settle.tsx';

/** Something that was requested from an upstream: how far it is, its attempts, and what the upstream has said. */
export function OperationScreen({ params: { id } }: { params: { id: string } }) {
  const text = useText();
  const words = text.operations;
  const api = useApi();
  const isAdmin = useMay('admin');
  const loaded = useLoad(async (signal) => (await api.getOperation(id, { signal })).data, [id]);
  useLive((events) => {
    if (events.some(({ operation }) => operation === id)) loaded.reload();
  });
  const { data: operation } = loaded;
  return (
    <>
      <Title
        name={operation && words.kinds[operation.operation]}
        count={operation && <OperationState state={operation.state} />}
      >
        {words.one}
      </Title>
      {loaded.isLoading && operation === undefined && <p>{text.loading}</p>}
      <Problem error={loaded.error} onRetry={loaded.reload} />
      {operation && (
        <>
          <p>{words.means[operation.state]}</p>
          <OperationFacts operation={operation} />
          {waitsForAttempt(operation) && <Retry operation={operation} onDone={loaded.reload} />}
          {operation.state === 'unknown' &&
            (isAdmin ? (
              <Settle operation={operation} onDone={loaded.reload} />
            ) : (
              <p className="muted">{words.settledByAdmin}</p>
            ))}
        </>
      )}
    </>
  );
}

/** One that is unknown for good has no next attempt. */
function waitsForAttempt({ state, next_attempt_at: next }: UpstreamOperation): boolean {
  return (state === 'waiting' || state === 'unknown') && next !== undefined;
}

function OperationFacts({ operation }: { operation: UpstreamOperation }) {
  const words = useText().operations;
  const write = useNumber();
  const isAdmin = useMay('admin');
  const { id, iccid, upstream, state, error, settled_by: by } = operation;
  const isWaiting = state === 'waiting' || state === 'unknown';
  const next = operation.next_attempt_at;
  const time = (at: string | undefined) => at && <Time at={at} isExact />;
  const facts = [
    [words.profile, iccid && <ProfileLink key="profile" iccid={iccid} />],
    [words.type, operation.profile_type],
    [words.upstream, isAdmin ? <UpstreamLink key="upstream" name={upstream} /> : upstream],
    [words.call, <code key="call">{operation.call}</code>],
    [words.attempts, write(operation.attempts)],
    [words.error, error && <OperationError key="error" error={error} />],
    [words.requested, time(operation.requested_at)],
    [words.lastAttempt, time(operation.last_attempt_at)],
    [words.nextAttempt, isWaiting ? (time(next) ?? words.waitsForAdmin) : undefined],
    [words.ended, time(operation.ended_at)],
    [words.settled, time(operation.settled_at)],
    [words.settledBy, by && isAdmin ? <AuditLink key="by" id={by} /> : by],
    [words.id, <code key="id">{id}</code>],
  ] as const;
  return <Facts facts={facts} />;
}

function ProfileLink({ iccid }: { iccid: string }) {
  return (
    <Link href={`/profiles/${iccid}`}>
      <Digits value={iccid} />
    </Link>
  );
}

function UpstreamLink({ name }: { name: string }) {
  return <Link href={`/upstreams/${encodeURIComponent(name)}`}>{name}</Link>;
}

/** What this key, or the session of this person, did. */
function AuditLink({ id }: { id: string }) {
  return (
    <Link href={`/access/audit?key=${id}`}>
      <code>{id}</code>
    </Link>
  );
}
