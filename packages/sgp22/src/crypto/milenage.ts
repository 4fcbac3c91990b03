import { BLOCK, encryptBlocks, xorInto } from './aes.ts';

/** The secrets of a subscription: K and OPc, 16 octets each. */
export type MilenageKeys = { readonly k: Uint8Array; readonly opc: Uint8Array };

/** What a challenge gives: authentication value, response, session keys and anonymity keys. */
export type MilenageValues = {
  /** 8 octets: f1, of the network. */
  readonly macA: Uint8Array;
  /** 8 octets: f1*, of a resynchronisation. */
  readonly macS: Uint8Array;
  /** 8 octets: f2. */
  readonly res: Uint8Array;
  /** 16 octets: f3. */
  readonly ck: Uint8Array;
  /** 16 octets: f4. */
  readonly ik: Uint8Array;
  /** 6 octets: f5. */
  readonly ak: Uint8Array;
  /** 6 octets: f5*, of a resynchronisation. */
  readonly akStar: Uint8Array;
};

export type Challenge = {
  /** 16 octets. */
  readonly rand: Uint8Array;
  /** 6 octets. */
  readonly sqn: Uint8Array;
  /** 2 octets. */
  readonly amf: Uint8Array;
};

/** The rotation of OUT1 to OUT5 in octets, and the last octet of their constants (3GPP TS 35.206 4.1). */
const ROTATIONS = [8, 0, 4, 8, 12] as const;
const CONSTANTS = [0, 1, 2, 4, 8] as const;

/** OPc, which is stored instead of the OP of an operator (TS 35.206 4.1). */
export function opcOf(k: Uint8Array, op: Uint8Array): Uint8Array {
  const opc = encryptBlocks(k, op);
  xorInto(opc, 0, op);
  return opc;
}

/** The functions f1 to f5* of MILENAGE (TS 35.206 4.1) with the usual constants. */
export function milenage(keys: MilenageKeys, { rand, sqn, amf }: Challenge): MilenageValues {
  const temp = xored(rand, keys.opc);
  const encrypted = encryptBlocks(keys.k, temp);
  const in1 = new Uint8Array(BLOCK);
  for (const at of [0, 8]) {
    in1.set(sqn, at);
    in1.set(amf, at + 6);
  }
  const [out2, out3, out4, out5] = [1, 2, 3, 4].map((i) => output(keys, i, encrypted, undefined)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const out1 = output(keys, 0, in1, encrypted);
  return {
    macA: out1.subarray(0, 8),
    macS: out1.subarray(8),
    res: out2.subarray(8),
    ak: out2.subarray(0, 6),
    ck: out3,
    ik: out4,
    akStar: out5.subarray(0, 6),
  };
}

/** OUT(i+1): the input with OPc, rotated, with its constant (and with TEMP for OUT1), encrypted, with OPc. */
function output(
  { k, opc }: MilenageKeys,
  i: number,
  input: Uint8Array,
  temp: Uint8Array | undefined,
): Uint8Array {
  const rotation = ROTATIONS[i] as number;
  const mixed = xored(input, opc);
  const block = new Uint8Array(BLOCK);
  for (let at = 0; at < BLOCK; at++) block[at] = mixed[(at + rotation) % BLOCK] as number;
  block[BLOCK - 1] = (block[BLOCK - 1] as number) ^ (CONSTANTS[i] as number);
  if (temp !== undefined) xorInto(block, 0, temp);
  return xored(encryptBlocks(k, block), opc);
}

function xored(a: Uint8Array, b: Uint8Array): Uint8Array {
  const result = new Uint8Array(a); // a copy, also of a Buffer
  xorInto(result, 0, b);
  return result;
}
