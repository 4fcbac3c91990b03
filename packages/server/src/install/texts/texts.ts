import type { en } from './en.ts';

/** The texts of a language: a file for each. */
export type Texts = { readonly [K in keyof typeof en]: string };
