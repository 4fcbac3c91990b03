import { fromHex } from '@esim-rsp/codec';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { makeUnprintable } from '@esim-rsp/sgp22/crypto/secret';
import { completeParameters, type ParameterInput } from '@esim-rsp/sgp22/profile/build';
import { algorithmNames } from '@esim-rsp/sgp22/profile/parameter-fields';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { packageContent } from '@esim-rsp/smdp/state/content';
import type { ImportProfileRequest } from '@esim-rsp/smdp/stock/importProfile';
import type { Static } from '@sinclair/typebox';
import type { CreateEUICCProfileRequest, ProfileParameters as Parameters } from '../profiles/schemas.ts';
import { bytesOf, metadataWishes } from './metadata-wishes.ts';

/** What is to be stocked, from the body that says it; secrets that it does not give are drawn. */
export function stockRequest(
  account: string,
  body: CreateEUICCProfileRequest,
  random: Random,
): ImportProfileRequest {
  const { protection } = body;
  return {
    account,
    ...contentOf(body, random),
    ...labelsIn(body),
    ...(protection !== undefined && { protection }),
    ...metadataWishes(body),
  };
}

type Labels = Pick<
  CreateEUICCProfileRequest,
  'service_provider_name' | 'profile_name' | 'profile_class' | 'profile_type'
>;

/** The names of a profile and its kind, as far as they are given. */
export function labelsIn({ service_provider_name: spn, profile_name, profile_class, profile_type }: Labels) {
  return {
    ...(spn !== undefined && { serviceProviderName: spn }),
    ...(profile_name !== undefined && { profileName: profile_name }),
    ...(profile_class !== undefined && { profileClass: profile_class }),
    ...(profile_type !== undefined && { profileType: profile_type }),
  };
}

function contentOf(
  body: CreateEUICCProfileRequest,
  random: Random,
): Pick<ImportProfileRequest, 'content' | 'given'> {
  if (!('parameters' in body))
    return { content: packageContent(bytesOf(body.profile_package, 'profile_package')) };
  const given = parametersOf(body.parameters);
  return { given, content: { parameters: completeParameters(given, random) } };
}

function parametersOf(given: Static<typeof Parameters>): ParameterInput {
  const {
    iccid,
    imsi,
    ki,
    opc,
    algorithm,
    adm1,
    service_provider_name,
    mnc_length,
    pin1,
    pin2,
    puk1,
    puk2,
    msisdn,
    smsc,
  } = given;
  return makeUnprintable('ProfileParameters', {
    iccid: parseIccid(iccid),
    imsi,
    ki: fromHex(ki),
    opc: fromHex(opc),
    ...(algorithm !== undefined && { algorithm: algorithmNames[algorithm] }),
    ...(adm1 !== undefined && {
      adm1: adm1.length === 16 ? fromHex(adm1) : new TextEncoder().encode(adm1),
    }),
    ...(service_provider_name !== undefined && { serviceProviderName: service_provider_name }),
    ...(mnc_length !== undefined && { mncLength: mnc_length }),
    ...(pin1 !== undefined && { pin1 }),
    ...(pin2 !== undefined && { pin2 }),
    ...(puk1 !== undefined && { puk1 }),
    ...(puk2 !== undefined && { puk2 }),
    ...(msisdn !== undefined && { msisdn }),
    ...(smsc !== undefined && { smsc }),
  });
}
