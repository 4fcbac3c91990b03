import type { Columns, Row } from './column-types.ts';

/** Profiles that were deleted: a new one with the ICCID continues from this version, so that each version is of one of them. */
export const formerProfileColumns = { iccid: 'text', version: 'integer' } as const satisfies Columns;
export type FormerProfileRow = Row<typeof formerProfileColumns>;

/** Fingerprints of the calls of ES2+ that changed them. */
export const formerCallColumns = { account: 'text', call: 'text' } as const satisfies Columns;
export type FormerCallRow = Row<typeof formerCallColumns>;
