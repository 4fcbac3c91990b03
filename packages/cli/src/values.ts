import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { InvalidArgumentError } from 'commander';

/** Reads the value of an option or argument; a bad one is wrong usage. */
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

/** A whole number within bounds. */
export function numberFrom(min: number, max: number): (text: string) => number {
  return valueBy((text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new ValueError(`a whole number from ${min} to ${max} is expected`);
  });
}

/** One of a few words, in whatever case. */
export function oneOf<const W extends string>(words: readonly W[]): (text: string) => W {
  return valueBy((text) => {
    const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
    if (found === undefined) throw new ValueError(`one of ${words.join(', ')} is expected`);
    return found;
  });
}
