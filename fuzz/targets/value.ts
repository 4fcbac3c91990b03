import { deepEqual } from 'node:assert/strict';
import { fromHex, toHex } from '@esim-rsp/codec';
import {
  formatActivationCode,
  parseActivationCode,
  parseSmdpAddress,
} from '@esim-rsp/sgp22/value/activation-code';
import { eidFromBytes, eidToBytes, parseEid } from '@esim-rsp/sgp22/value/eid';
import {
  iccidFromBcd,
  iccidFromSwappedBcd,
  iccidToBcd,
  iccidToSwappedBcd,
  parseIccid,
  parsePaddedIccid,
} from '@esim-rsp/sgp22/value/iccid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { parseTransactionId, transactionIdFromBytes } from '@esim-rsp/sgp22/value/transaction-id';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { behindSelector, mutateText } from '../mutate.ts';
import { allowing, type Target } from '../target.ts';

/** Reads a text, and checks that the value is the same after writing and reading it again. */
type Reader = {
  readonly valid: readonly string[];
  readonly read: (text: string, octets: Uint8Array) => void;
};

const readers: readonly Reader[] = [
  {
    valid: ['LPA:1$rsp.example.com$ABC-1', '1$localhost:8443$', 'lpa:1$a.b$T$1.3.6.1$1', 'LPA:1$a.b$T$$1'],
    read: (text) => {
      const code = parseActivationCode(text);
      deepEqual(parseActivationCode(formatActivationCode(code)), code);
    },
  },
  { valid: ['rsp.example.com', 'localhost:8443'], read: (text) => void parseSmdpAddress(text) },
  {
    valid: ['89049032001001234500123456789082'],
    read: (text) => {
      const eid = parseEid(text);
      deepEqual(eidFromBytes(eidToBytes(eid)), eid);
    },
  },
  {
    valid: ['8988201000000000019', '89882010000000000190'],
    read: (text) => {
      const iccid = parseIccid(text);
      deepEqual(
        [iccidFromBcd(iccidToBcd(iccid)), iccidFromSwappedBcd(iccidToSwappedBcd(iccid))],
        [iccid, iccid],
      );
    },
  },
  {
    valid: ['898820100000000001', '8988201000000000019F'],
    read: (text) => {
      const iccid = parsePaddedIccid(text);
      deepEqual(
        [iccidFromBcd(iccidToBcd(iccid)), iccidFromSwappedBcd(iccidToSwappedBcd(iccid))],
        [iccid, iccid],
      );
    },
  },
  { valid: ['', 'ABC-123'], read: (text) => void parseMatchingId(text) },
  {
    valid: ['00', '00112233445566778899aabbccddeeff'],
    read: (text) => {
      const id = parseTransactionId(text);
      deepEqual(transactionIdFromBytes(fromHex(id.toLowerCase())), id);
    },
  },
  { valid: ['89882010000000000190'], read: (_text, octets) => void iccidFromBcd(octets) },
  { valid: ['89882010000000000190'], read: (_text, octets) => void iccidFromSwappedBcd(octets) },
  { valid: ['8904903200100123'], read: (_text, octets) => void eidFromBytes(octets) },
  { valid: ['89882010000000000190'], read: (_text, octets) => deepEqual(fromHex(toHex(octets)), octets) },
];

/** Activation codes, and other values in text form. */
export const value: Target = {
  name: 'value',
  open: () => ({
    seeds: readers.flatMap(({ valid }, at) =>
      valid.map((text) => Uint8Array.of(at, ...new TextEncoder().encode(text))),
    ),
    mutate: behindSelector(mutateText, readers.length),
    run: (input) => {
      const octets = input.subarray(1);
      const reader = readers[(input[0] ?? 0) % readers.length] as Reader;
      allowing([ValueError], () => reader.read(new TextDecoder().decode(octets), octets));
    },
  }),
};
