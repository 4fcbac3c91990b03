import { decode, encode, fromHex, tlv } from '@esim-rsp/codec';
import {
  EuiccConfiguredAddressesResponse,
  GetEuiccChallengeResponse,
  GetEuiccDataRequest,
  GetEuiccDataResponse,
  GetRatResponse,
  type ProfilePolicyAuthorisationRule,
  SetDefaultDpAddressRequest,
  SetDefaultDpAddressResponse,
} from '@esim-rsp/sgp22/asn1/es10';
import { EUICCInfo1, EUICCInfo2, PPR1, PPR2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { eidToBytes } from '@esim-rsp/sgp22/value/eid';
import { type Card, freeMemory, withoutSession } from '../card/card.ts';
import { trustOf } from '../card/credential.ts';
import { answerWith, type Es10Function, refuseWith, statusWords } from './command.ts';

/** The version of SGP.22 that the card supports. */
export const SVN = fromHex('020500');

/** EUICCInfo1 (5.7.8): the CIs under which it can sign, and those whose certificates it can verify. */
export function euiccInfo1(card: Card): EUICCInfo1 {
  return {
    svn: SVN,
    euiccCiPKIdListForVerification: trustOf(card).map(({ keyId }) => keyId),
    euiccCiPKIdListForSigning: card.credentials.map(({ ciPKId }) => ciPKId),
  };
}

/** All that published profiles require. Profile elements are read, not executed. */
const CAPABILITIES = new Set([1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 14, 16, 17, 18, 19, 20, 22, 23, 24, 25]);

/** EUICCInfo2 (5.7.8), with the memory that is free now. */
export function euiccInfo2(card: Card): EUICCInfo2 {
  const free = freeMemory(card);
  const four = Uint8Array.of(free >>> 24, free >>> 16, free >>> 8, free);
  const resource = [
    tlv(0x81, Uint8Array.of(card.profiles.length)),
    tlv(0x82, four),
    tlv(0x83, fromHex('00004000')),
  ];
  return {
    ...euiccInfo1(card),
    profileVersion: fromHex('020300'),
    euiccFirmwareVer: fromHex('010000'),
    extCardResource: Uint8Array.from(resource.flatMap((part) => [...part])),
    uiccCapability: CAPABILITIES,
    ts102241Version: fromHex('0d0000'),
    globalplatformVersion: fromHex('020300'),
    rspCapability: new Set([0, 3]),
    euiccCategory: 0,
    ppVersion: fromHex('010000'),
    sasAcreditationNumber: 'VIRTUAL-0000',
  };
}

/** ES10b.GetEUICCInfo (5.7.8). */
export const getEuiccInfo1: Es10Function = (card) => answerWith(card, encode(EUICCInfo1, euiccInfo1(card)));
export const getEuiccInfo2: Es10Function = (card) => answerWith(card, encode(EUICCInfo2, euiccInfo2(card)));

/** ES10b.GetEUICCChallenge (5.7.7): ends a session that was open. */
export const getEuiccChallenge: Es10Function = (card, _request, { random }) => {
  const euiccChallenge = random(16);
  const challenged = { ...withoutSession(card), session: { stage: 'challenged', euiccChallenge } as const };
  return answerWith(challenged, encode(GetEuiccChallengeResponse, { euiccChallenge }));
};

/** ES10c.GetEID (5.7.20). */
export const getEid: Es10Function = (card, request) => {
  const { tagList } = decode(GetEuiccDataRequest, request);
  if (tagList[0] !== 0x5a) return refuseWith(card, statusWords.notFound);
  return answerWith(card, encode(GetEuiccDataResponse, { eidValue: eidToBytes(card.eid) }));
};

/** ES10a.GetEuiccConfiguredAddresses (5.7.3). */
export const getEuiccConfiguredAddresses: Es10Function = (card) => {
  const { defaultDpAddress } = card;
  const addresses = {
    rootDsAddress: 'lpa.ds.example.com',
    ...(defaultDpAddress !== '' && { defaultDpAddress }),
  };
  return answerWith(card, encode(EuiccConfiguredAddressesResponse, addresses));
};

/** ES10a.SetDefaultDpAddress (5.7.4). */
export const setDefaultDpAddress: Es10Function = (card, request) => {
  const { defaultDpAddress } = decode(SetDefaultDpAddressRequest, request);
  return answerWith({ ...card, defaultDpAddress }, encode(SetDefaultDpAddressResponse, { result: 0 }));
};

/** The rules authorisation table (2.9.2): PPR1 and PPR2 of any operator, with the user's consent. */
export const rulesAuthorisationTable: readonly ProfilePolicyAuthorisationRule[] = [
  {
    pprIds: new Set([PPR1, PPR2]),
    allowedOperators: [{ mccMnc: fromHex('eeeeee') }],
    pprFlags: new Set([0]),
  },
];

/** ES10b.GetRAT (5.7.22). */
export const getRat: Es10Function = (card) =>
  answerWith(card, encode(GetRatResponse, { rat: rulesAuthorisationTable }));
