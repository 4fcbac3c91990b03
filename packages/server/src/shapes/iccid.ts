import { parameterFields } from '@esim-rsp/sgp22/profile/parameter-fields';
import { Type } from '@sinclair/typebox';
import { inWords } from './shape.ts';

/** The ICCID of the examples. */
export const ICCID = '8900101000000000017';

export const Iccid = Type.String({
  pattern: parameterFields.iccid.pattern,
  ...inWords(parameterFields.iccid.form),
  description: parameterFields.iccid.form,
  examples: [ICCID],
});
