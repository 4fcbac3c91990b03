import { concat } from '@esim-rsp/codec';
import { readAkaKeys } from '@esim-rsp/sgp22/profile/read-aka';
import { enabledProfile, type InstalledProfile } from '../card/card.ts';
import { type Authentication, authenticate } from '../usim/authenticate.ts';
import { NEW_SQNS } from '../usim/sqn.ts';
import { type Answered, answerByGetResponse, channelOf, type Instruction, status } from './powered.ts';
import { sw } from './status-words.ts';

/** P2: a 3G context with a reference of the application (TS 31.102 7.1.2). */
const CONTEXT_3G = 0x81;
const CHALLENGE = 16;
const [SUCCESSFUL, SYNCHRONISATION_FAILURE] = [0xdb, 0xdc];

/** AUTHENTICATE of the USIM (3GPP TS 31.102 7.1): answers a challenge with the keys in the package of the enabled profile. */
export const authenticateUsim: Instruction<unknown> = (powered, command) => {
  const { p1, p2, data } = command;
  if (p1 !== 0 || p2 !== CONTEXT_3G) return status(powered, sw.incorrectP1P2);
  if (channelOf(powered, command).selected !== 'usim') return status(powered, sw.conditionsNotSatisfied);
  const [rand, autn] = readChallenge(data);
  if (rand === undefined || autn === undefined) return status(powered, sw.wrongLength);
  const profile = enabledProfile(powered.card);
  const keys = profile && readAkaKeys(profile.upp);
  if (profile === undefined || keys?.algorithm !== 'milenage')
    return status(powered, sw.functionNotSupported);
  const answer = authenticate(keys, { rand, autn }, profile.sqns ?? NEW_SQNS);
  return answerWith(powered, command, profile, answer);
};

/** Two values with their lengths. */
function readChallenge(data: Uint8Array): readonly (Uint8Array | undefined)[] {
  const isComplete =
    data.length === 2 * (1 + CHALLENGE) && data[0] === CHALLENGE && data[1 + CHALLENGE] === CHALLENGE;
  return isComplete ? [data.subarray(1, 1 + CHALLENGE), data.subarray(2 + CHALLENGE)] : [];
}

function answerWith(
  powered: Answered | Parameters<Instruction<unknown>>[0],
  command: Parameters<Instruction<unknown>>[1],
  profile: InstalledProfile,
  answer: Authentication,
): Answered {
  if (answer.outcome === 'wrong-mac') return status(powered, sw.wrongMac);
  if (answer.outcome === 'resynchronise')
    return answerByGetResponse(powered, command, withLengths(SYNCHRONISATION_FAILURE, answer.auts));
  const { res, ck, ik, sqns } = answer;
  const profiles = powered.card.profiles.map((each) => (each === profile ? { ...profile, sqns } : each));
  const next = { ...powered, card: { ...powered.card, profiles } };
  return answerByGetResponse(next, command, withLengths(SUCCESSFUL, res, ck, ik));
}

function withLengths(tag: number, ...values: readonly Uint8Array[]): Uint8Array {
  return concat(Uint8Array.of(tag), ...values.map((value) => concat(Uint8Array.of(value.length), value)));
}
