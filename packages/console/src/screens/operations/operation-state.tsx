import type { UpstreamOperation } from '@esim-rsp/sdk';
import { type Family, Mark } from '../../parts/state.tsx';
import { useText } from '../../text/text.ts';

/** The family of each state of an operation. */
export const FAMILY: Readonly<Record<UpstreamOperation['state'], Family>> = {
  waiting: 'moving',
  sent: 'moving',
  unknown: 'failed',
  done: 'device',
  refused: 'ended',
  failed: 'failed',
};

export function OperationState({ state }: Pick<UpstreamOperation, 'state'>) {
  const words = useText().operations;
  return <Mark family={FAMILY[state]}>{words.states[state]}</Mark>;
}

/** What the upstream has said, with its codes in grey. */
export function OperationError({ error }: Pick<UpstreamOperation, 'error'>) {
  if (error === undefined) return null;
  const { message, subject_code: subject, reason_code: reason } = error;
  return (
    <span title={message}>
      {message} {subject !== undefined && <span className="muted">{`${subject}/${reason ?? ''}`}</span>}
    </span>
  );
}
