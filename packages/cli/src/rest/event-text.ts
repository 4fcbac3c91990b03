import type { ProfileEvent } from '@esim-rsp/sdk';

/** An event in one line. */
export function eventLine(event: ProfileEvent): string {
  return [String(event.id), event.occurred_at, event.iccid, ...eventCells(event)].join('  ').trimEnd();
}

/** The type of an event, the states, the actor and the reason. */
export function eventCells({
  type,
  from,
  to,
  actor,
  reason,
  message,
}: ProfileEvent): [type: string, states: string, who: string, why: string] {
  const states = from === undefined || from === to ? to : `${from} → ${to}`;
  const who = [actor.kind, actor.eid ?? actor.key_id ?? actor.person_id ?? actor.operator ?? '']
    .join(' ')
    .trimEnd();
  const text = message === undefined ? '' : JSON.stringify(message); // in one line, whatever it has
  const why = reason === undefined ? text : `${reason.subject_code}/${reason.reason_code}: ${reason.message}`;
  return [type, states, who, why];
}
