/** The authentication algorithms, by their number in a profile package (PE-AKAParameter). */
export const algorithms = { milenage: 1, tuak: 2, 'usim-test': 3 } as const;
export type Algorithm = keyof typeof algorithms;

/** The algorithms by the names that people write. */
export const algorithmNames = {
  milenage: 'milenage',
  tuak: 'tuak',
  test: 'usim-test',
} as const satisfies Record<string, Algorithm>;
export type AlgorithmName = keyof typeof algorithmNames;

/** How people call an algorithm. */
export function nameOfAlgorithm(algorithm: Algorithm): AlgorithmName {
  return algorithm === 'usim-test' ? 'test' : algorithm;
}

/** How a parameter of a profile is written, in JSON, CSV and options alike. */
export type ParameterField = {
  /** A regular expression of its whole text. */
  readonly pattern: string;
  /** The same in words. */
  readonly form: string;
  /** Nothing may print its value. */
  readonly secret?: true;
  /** It is generated, if absent. */
  readonly generated?: true;
};

const key = '^([0-9A-Fa-f]{32}|[0-9A-Fa-f]{64})$';
const pin = { pattern: '^[0-9]{4,8}$', form: '4 to 8 digits', secret: true, generated: true } as const;
const puk = { pattern: '^[0-9]{8}$', form: '8 digits', secret: true, generated: true } as const;
/** The keysets of the operator's security domain, by their key version numbers. */
export const keysets = [1, 2, 3] as const;
export type Keyset = (typeof keysets)[number];
/** The OTA keys of a keyset (ETSI TS 102 225 5.1): KIC enciphers, KID authenticates, KIK protects keys that are sent. */
export const otaKeys = ['kic', 'kid', 'kik'] as const;
export type OtaKey = (typeof otaKeys)[number];
export type OtaKeyName = `${OtaKey}${Keyset}`;
export const otaKeyNames: readonly OtaKeyName[] = keysets.flatMap((keyset) =>
  otaKeys.map((key) => `${key}${keyset}` as const),
);

const otaKey = {
  pattern: '^([0-9A-Fa-f]{32}|[0-9A-Fa-f]{48}|[0-9A-Fa-f]{64})$',
  form: '32, 48 or 64 hexadecimal digits (AES)',
  secret: true,
} as const;
const generatedOtaKey = { ...otaKey, generated: true } as const;
const phoneNumber = {
  pattern: '^\\+?[0-9]{1,20}$',
  form: '1 to 20 digits, + before an international number',
} as const;

/** The parameters that a profile is built from, by the names in JSON. The name of the service provider is a label too, so it is not here. */
export const parameterFields = {
  iccid: { pattern: '^[0-9]{19,20}$', form: '19 or 20 digits' },
  imsi: { pattern: '^[0-9]{6,15}$', form: '6 to 15 digits' },
  ki: { pattern: key, form: '32 or 64 hexadecimal digits', secret: true },
  opc: { pattern: key, form: 'OPc, or TOPc for TUAK: 32 or 64 hexadecimal digits', secret: true },
  algorithm: {
    pattern: `^(${Object.keys(algorithmNames).join('|')})$`,
    form: `one of ${Object.keys(algorithmNames).join(', ')}; default: milenage`,
  },
  pin1: pin,
  pin2: pin,
  puk1: puk,
  puk2: puk,
  adm1: {
    pattern: '^([0-9A-Fa-f]{16}|[\\x21-\\x7e]{8})$',
    form: '16 hexadecimal digits or 8 characters',
    secret: true,
    generated: true,
  },
  kic1: generatedOtaKey,
  kid1: generatedOtaKey,
  kik1: generatedOtaKey,
  kic2: otaKey,
  kid2: otaKey,
  kik2: otaKey,
  kic3: otaKey,
  kid3: otaKey,
  kik3: otaKey,
  mnc_length: {
    pattern: '^[23]$',
    form: 'digits of the network code in the IMSI, 2 or 3; default: those of the country, required where a country has both',
  },
  msisdn: phoneNumber,
  smsc: phoneNumber,
} as const satisfies Record<string, ParameterField>;
export type ParameterName = keyof typeof parameterFields;

/** The form of a parameter in words, with what happens if it is absent. */
export function describeField({ form, generated }: ParameterField): string {
  return generated ? `${form}; generated if absent` : form;
}

const patterns = new Map(
  Object.entries(parameterFields).map(([name, { pattern }]) => [name, new RegExp(pattern)]),
);

/** Whether a text has the form of the parameter. */
export function hasForm(name: ParameterName, text: string): boolean {
  return patterns.get(name)?.test(text) === true;
}
