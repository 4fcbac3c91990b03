import { parameterFields } from '@esim-rsp/sgp22/profile/parameter-fields';
import { type Static, Type } from '@sinclair/typebox';
import { generatedExample, generateExample } from '../profiles/schema-examples.ts';
import { Algorithm, ProfileParameters, profileLabels } from '../profiles/schemas.ts';

/** The shapes of profiles made from ranges of numbers. */

const { algorithm, mnc_length, msisdn, smsc } = ProfileParameters.properties;

/** Where numbers run on from. */
export const rangeStarts = {
  iccid_start: Type.String({
    pattern: '^[0-9]{18,19}$',
    description: 'The first ICCID without its check digit, which is added',
  }),
  imsi_start: Type.String({ pattern: parameterFields.imsi.pattern }),
  msisdn_start: msisdn,
};

/** What subscriptions of a kind have in common. */
export const subscriptionTerms = { algorithm, mnc_length, smsc };

export const GenerateEUICCProfilesRequest = Type.Object(
  {
    count: Type.Integer({ minimum: 1, maximum: 250, description: 'How many: all of them are made, or none' }),
    ...rangeStarts,
    ...subscriptionTerms,
    ...profileLabels,
  },
  { additionalProperties: false, $id: 'GenerateEUICCProfilesRequest', examples: [generateExample] },
);
export type GenerateEUICCProfilesRequest = Static<typeof GenerateEUICCProfilesRequest>;

export const GeneratedSubscription = Type.Object(
  {
    iccid: Type.String(),
    imsi: Type.String(),
    msisdn: Type.Optional(Type.String()),
    algorithm: Algorithm,
    ki: Type.String(),
    opc: Type.String(),
    pin1: Type.String(),
    pin2: Type.String(),
    puk1: Type.String(),
    puk2: Type.String(),
    adm1: Type.String({ description: 'Hexadecimal digits' }),
  },
  { $id: 'GeneratedSubscription' },
);

export const GenerateEUICCProfilesResponse = Type.Object(
  { subscriptions: Type.Array(GeneratedSubscription) },
  { $id: 'GenerateEUICCProfilesResponse', examples: [generatedExample] },
);
export type GenerateEUICCProfilesResponse = Static<typeof GenerateEUICCProfilesResponse>;
