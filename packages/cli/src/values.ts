import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { InvalidArgumentError } from 'commander';

/** Reads the value of an option or argument; a bad one is wrong usage. Not for secrets: the complaint quotes the value. */
export function valueBy<T>(read: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      if (error instanceof ValueError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };
}

export const iccidArgument = valueBy(parseIccid);

/** A whole number from `min` to `max`. */
export function numberFrom(min: number, max: number): (text: string) => number {
  return valueBy((text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new ValueError(`a whole number from ${min} to ${max} is expected`);
  });
}
