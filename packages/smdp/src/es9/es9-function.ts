import type { Checks } from '@esim-rsp/sgp22/status';
import type { ProtocolFunction } from '../run.ts';

/** A function of ES9+, with its checks in the order in which `decide` makes them. */
export interface Es9Function<Q, F, R> extends ProtocolFunction<Q, F, R> {
  readonly checks: Checks;
}
