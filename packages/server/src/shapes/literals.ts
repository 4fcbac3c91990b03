import { Type } from '@sinclair/typebox';

/** The shape of a text that is one of these values. */
export function literals<const T extends readonly string[]>(values: T, description?: string) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...(description && { description }) });
}
