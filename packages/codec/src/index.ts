export { concat, equal, fromBase64, fromHex, toBase64, toHex } from './bytes.ts';
export {
  type ChoiceOf,
  choice,
  type Defaulted,
  defaulted,
  extensions,
  type Optional,
  optional,
  raw,
  rawContent,
  type SequenceOf,
  sequence,
  sequenceOf,
} from './constructed.ts';
export {
  asciiString,
  bitOctets,
  boolean,
  integer,
  integerOctets,
  namedBits,
  nul,
  objectIdentifier,
  octetString,
  oidContent,
  utf8String,
} from './primitives.ts';
export { DerError, header, readAll, readAt, readOne, Tlv, tagOf, tagText, tlv } from './tlv.ts';
export {
  type Der,
  decode,
  encode,
  explicit,
  type Infer,
  keep,
  kept,
  made,
  type Type,
  tagged,
} from './type.ts';
