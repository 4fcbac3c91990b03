import type { UpstreamOperation } from '@esim-rsp/sdk';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';

/** Reads the id of an operation; throws a ValueError. */
export function operationId(text: string): string {
  if (!/^op_[0-9a-f]{32}$/.test(text))
    throw new ValueError('an operation has an id such as op_019c…, of 32 hexadecimal digits');
  return text;
}

/** The cells of a row of operations. */
export function operationCells(operation: UpstreamOperation): string[] {
  const { id, requested_at, upstream, iccid = '', profile_type = '', state } = operation;
  return [
    id,
    requested_at,
    upstream,
    iccid || profile_type,
    operation.operation,
    state,
    errorText(operation),
  ];
}

export function operationFields(operation: UpstreamOperation): [string, string][] {
  const { iccid, profile_type, last_attempt_at, next_attempt_at, ended_at } = operation;
  const { settled_at, settled_by } = operation;
  const all: [string, string | undefined][] = [
    ['id', operation.id],
    ['upstream', operation.upstream],
    ['profile', iccid],
    ['type', profile_type],
    ['operation', operation.operation],
    ['state', operation.state],
    ['call', operation.call],
    ['attempts', String(operation.attempts)],
    ['requested at', operation.requested_at],
    ['last attempt at', last_attempt_at],
    ['next attempt at', next_attempt_at],
    ['ended at', ended_at],
    ['settled at', settled_at],
    ['settled by', settled_by],
    ['result', errorText(operation) || undefined],
  ];
  return all.filter((field): field is [string, string] => field[1] !== undefined);
}

/** What to do about an operation: undefined, nothing. One that is unknown for good has no next attempt. */
export function adviceFor({
  id,
  state,
  attempts,
  next_attempt_at,
  iccid,
}: UpstreamOperation): string | undefined {
  if (state === 'waiting' && attempts > 0)
    return `it is tried again at ${next_attempt_at}; if the upstream is back before, run 'esim operation retry ${id}'`;
  if (state !== 'unknown' || next_attempt_at !== undefined) return undefined;
  const done = iccid === undefined ? '--outcome done --iccid ICCID' : '--outcome done';
  return `the upstream may have done the call: look at what it shows, then run 'esim operation settle ${id} ${done}', or with '--outcome not_done'`;
}

/** What the upstream has said, or why there was no answer. */
function errorText({ error }: UpstreamOperation): string {
  if (error === undefined) return '';
  const { subject_code, reason_code = '', message } = error;
  return subject_code === undefined ? message : `${subject_code}/${reason_code} ${message}`;
}
