import type { Reader } from '@esim-rsp/smdp/ports';
import type { NumberRange } from '@esim-rsp/smdp/state/number-range';

/** ICCIDs that only one account may use. */
export type NumberReservation = NumberRange & {
  readonly account: string;
  /** Unix seconds. */
  readonly createdAt: number;
};

export interface NumberReservationStore extends Pick<Reader, 'reservedForOthers'> {
  /** Of all accounts, by number. */
  numberReservations(): Promise<readonly NumberReservation[]>;
  /** A reservation that it shares numbers with, whose ever it is: then nothing was changed. */
  addNumberReservation(reservation: NumberReservation): Promise<'added' | NumberReservation>;
  /** Deletes the reservation of exactly this range. */
  deleteNumberReservation(range: NumberRange): Promise<'deleted' | 'unknown'>;
}
