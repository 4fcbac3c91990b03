import type { EUICCProfileState, StateReason } from './models.ts';

/** What can happen to a Profile. */
export type ProfileEventType =
  | 'profile.created'
  | 'profile.ordered'
  | 'profile.confirmed'
  | 'profile.released'
  | 'download.checked'
  | 'confirmation_code.wrong'
  | 'confirmation_code.locked'
  | 'profile.downloaded'
  | 'profile.postponed'
  | 'profile.installed'
  | 'profile.enabled'
  | 'profile.disabled'
  | 'profile.deleted'
  | 'profile.error'
  | 'profile.expired'
  | 'profile.reuse_exhausted'
  | 'profile.cancelled'
  | 'profile.retired'
  | 'profile.reset'
  | 'profile.updated';

/** Who did something; `system` is the SM-DP+ by itself. */
export interface ProfileEventActor {
  kind: 'user' | 'operator' | 'device' | 'system';
  /** Of a device. */
  eid?: string;
}

/** One thing that happened to a Profile. */
export interface ProfileEvent {
  /** Grows from event to event. */
  id: number;
  type: ProfileEventType;
  iccid: string;
  /** ISO 8601, in UTC. */
  occurred_at: string;
  actor: ProfileEventActor;
  /** Absent: the Profile is new. */
  from?: EUICCProfileState;
  to: EUICCProfileState;
  /** Of the download session. */
  transaction_id?: string;
  reason?: StateReason;
}

export interface HistoryQuery {
  /** `next_cursor` of the page before. */
  cursor?: string;
  /** 1 to 1000; 100 unless given. */
  count?: number;
}

export interface EventsQuery extends HistoryQuery {
  iccid?: string;
  /** Some types with commas between them; all unless given. */
  types?: string;
}

/** One page of events. */
export interface ListEventsResponse {
  events: ProfileEvent[];
  next_cursor: string;
  /** Whether there are further events already. */
  more: boolean;
}
