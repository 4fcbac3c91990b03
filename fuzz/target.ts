import { DerError } from '@esim-rsp/codec';
import { BppFailure } from '@esim-rsp/sgp22/bpp/failure';
import { BindingError } from '@esim-rsp/sgp22/functions/binding';
import { PkiError } from '@esim-rsp/sgp22/pki/files';
import { ProfilePackageError } from '@esim-rsp/sgp22/profile/read';
import { Refusal } from '@esim-rsp/sgp22/status';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Mutate } from './mutate.ts';

/** A part of the product that reads input from outside. */
export type Target = { readonly name: string; readonly open: () => Opened | Promise<Opened> };

export type Opened = {
  /** Valid inputs, from which mutations are made. */
  readonly seeds: readonly Uint8Array[];
  readonly mutate: Mutate;
  /** Throws for every result that is not allowed. */
  readonly run: (input: Uint8Array) => unknown;
};

const TYPED = [DerError, BindingError, ValueError, ProfilePackageError, PkiError, BppFailure, Refusal];
type Typed = (typeof TYPED)[number];

/** Returns the value, or undefined after one of the errors that are allowed here. */
export function allowing<T>(errors: readonly (Typed | typeof RangeError)[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (errors.some((allowed) => error instanceof allowed)) return undefined;
    throw error;
  }
}

export function must(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise);
}
