import type { ProfileEvent } from '../rest/events/schemas-events.ts';
import type { StoredEvent } from '../store/ports/events.ts';

/** An event as the REST API shows it. */
export function eventResponse({
  id,
  type,
  iccid,
  at,
  actor,
  from,
  to,
  transactionId,
  reason,
}: StoredEvent): ProfileEvent {
  return {
    id,
    type,
    iccid,
    time: new Date(at).toISOString(),
    actor,
    ...(from !== undefined && { from }),
    to,
    ...(transactionId !== undefined && { transaction_id: transactionId }),
    ...(reason !== undefined && {
      reason: {
        subject_code: reason.subjectCode,
        reason_code: reason.reasonCode,
        message: reason.message,
      },
    }),
  };
}
