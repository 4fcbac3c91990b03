import {
  boolean,
  DerError,
  decode,
  encodeWithBytes,
  fromHex,
  type Infer,
  octetString,
  optional,
  sequence,
  toHex,
  withBytes,
} from '@esim-rsp/codec';

// One declaration decodes, encodes and is the TypeScript type. Tags are written as the specification prints them.
const SmdpSigned2 = sequence({
  transactionId: octetString(1, 16).as('80'),
  ccRequiredFlag: boolean,
  bppEuiccOtpk: optional(octetString(65).as('5F49')),
});
type SmdpSigned2 = Infer<typeof SmdpSigned2>;

const offer: SmdpSigned2 = { transactionId: fromHex('0123'), ccRequiredFlag: true };
const { bytes } = encodeWithBytes(SmdpSigned2, offer);
console.log(toHex(bytes)); // 3007800201230101ff

// What was signed is never written again: `kept` gives the bytes as they came, beside the value.
const PrepareDownload = sequence({
  smdpSigned2: withBytes(SmdpSigned2),
  smdpSignature2: octetString(4).as('5F37'),
}).as('BF21');
const received = fromHex('bf21123009800201230101fe05005f370400000000');
const { smdpSigned2 } = decode(PrepareDownload, received);
console.log(smdpSigned2.value.ccRequiredFlag, toHex(smdpSigned2.bytes)); // true 3009800201230101fe0500

// What cannot be read is a DerError that says where.
try {
  decode(PrepareDownload, fromHex('bf210730058003012345'));
} catch (error) {
  if (error instanceof DerError) console.log(error.message); // smdpSigned2 > ccRequiredFlag: is missing
}
