import { fromHex } from '@esim-rsp/codec';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { completeParameters, type ProfileParameters } from '@esim-rsp/sgp22/profile/build';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { stockProfile } from '@esim-rsp/smdp/operator/stockProfile';
import { type GivenContent, packageContent } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import type { Static } from '@sinclair/typebox';
import { operation } from '../operation.ts';
import { stockedExample } from '../schema-examples.ts';
import {
  CreateEUICCProfileRequest,
  GetEUICCProfileResponse,
  type ProfileParameters as Parameters,
} from '../schemas.ts';
import { bytesOf, metadataWishes } from './metadata-wishes.ts';
import { profileResponse } from './profile-response.ts';

export const createEUICCProfile = operation({
  operationId: 'createEUICCProfile',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles',
  summary: 'Stocks a profile: an unprotected profile package, or the parameters to build one from',
  bodyLimit: 1_500_000,
  body: CreateEUICCProfileRequest,
  answers: {
    201: { description: 'The profile, AVAILABLE', schema: GetEUICCProfileResponse, example: stockedExample },
    400: { description: 'The package or a parameter is not valid' },
    409: { description: 'A profile with this ICCID exists already', code: 'profile_not_available' },
    413: { description: 'The body is too large' },
    415: { description: 'The body is not JSON' },
    503: { description: 'Too many calls change this profile at the same time' },
  },
  respond: async ({ store, env }, { account, body }, reply) => {
    const { service_provider_name: spn, profile_name, profile_class, profile_type, protection } = body;
    const request = {
      account,
      content: contentOf(body, env().random),
      ...(spn !== undefined && { serviceProviderName: spn }),
      ...(profile_name !== undefined && { profileName: profile_name }),
      ...(profile_class !== undefined && { profileClass: profile_class }),
      ...(profile_type !== undefined && { profileType: profile_type }),
      ...(protection !== undefined && { protection }),
      ...metadataWishes(body),
    };
    const profile = await run(stockProfile, request, store, env());
    reply.status(201).header('location', `/api/v1/esim/euicc-profiles/${profile.iccid}`);
    return profileResponse(profile, env().smdpAddress);
  },
});

function contentOf(body: CreateEUICCProfileRequest, random: Random): GivenContent {
  if ('parameters' in body) return { parameters: parametersOf(body.parameters, random) };
  return packageContent(bytesOf(body.profile_package, 'profile_package'));
}

function parametersOf(given: Static<typeof Parameters>, random: Random): ProfileParameters {
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
  return completeParameters(
    {
      iccid: parseIccid(iccid),
      imsi,
      ki: fromHex(ki),
      opc: fromHex(opc),
      ...(algorithm !== undefined && { algorithm: algorithm === 'test' ? 'usim-test' : algorithm }),
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
    },
    random,
  );
}
