import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { parsePaddedIccid } from '@esim-rsp/sgp22/value/iccid';
import { functionOf, type Operation } from '@esim-rsp/smdp/state/gateway/operation';
import type { CallAnswer } from '@esim-rsp/smdp/state/gateway/outcome';
import type { UpstreamDialect } from '../../store/ports/gateway/upstreams.ts';
import type { WholeResponse } from '../outbound/post.ts';
import type { Es2Message } from './es2-call.ts';
import { padIccid } from './operation-call.ts';

/** The call of some vendors that says in which state profiles are. ES2+ itself has none. */
export function statusCall(
  iccid: Iccid,
  functionCallIdentifier: string,
  { iccidPadding }: Pick<UpstreamDialect, 'iccidPadding'>,
): Es2Message {
  return {
    path: '/gsma/rsp2/es2plus/getProfileStatus',
    functionCallIdentifier,
    members: { iccidList: [{ iccid: padIccid(iccid, iccidPadding) }] },
  };
}

/** The state of a profile at its upstream, in lower case, and the parts of its activation code. */
export type UpstreamStatus = { readonly state: string; readonly answer: CallAnswer };

/** Reads the status of one profile; undefined: the answer does not have it. */
export function statusIn({ body, isWhole }: WholeResponse, iccid: Iccid): UpstreamStatus | undefined {
  if (!isWhole) return undefined;
  try {
    const { profileStatusList } = JSON.parse(body.toString('utf8')) as { profileStatusList?: unknown };
    if (!Array.isArray(profileStatusList)) return undefined;
    const own = profileStatusList.find((one) => isOf(one, iccid));
    if (typeof own?.state !== 'string') return undefined;
    return { state: own.state.toLowerCase(), answer: codeIn(own.acToken) };
  } catch {
    return undefined;
  }
}

function isOf(one: unknown, iccid: Iccid): boolean {
  const text = (one as { iccid?: unknown } | null)?.iccid;
  try {
    return typeof text === 'string' && parsePaddedIccid(text) === iccid;
  } catch {
    return false;
  }
}

/** `LPA:1$address$MatchingID`, or without the first part. */
function codeIn(token: unknown): CallAnswer {
  const parts =
    typeof token === 'string' ? /^(?:LPA:)?1\$([\w.:[\]-]+)\$([^$\p{C}]{1,255})/u.exec(token) : null;
  const [, smdpAddress, matchingId] = parts ?? [];
  return smdpAddress === undefined || matchingId === undefined ? {} : { smdpAddress, matchingId };
}

const inStock = ['available', 'unavailable'];
const reserved = ['allocated', 'linked'];
const released = ['released', 'downloaded', 'installed', 'enabled', 'disabled', 'deleted'];

/** Whether the upstream has done the present call of an operation, as the state of its profile says; undefined: it does not say. */
export function isDoneThere(operation: Operation, state: string): boolean | undefined {
  const isIn = (...states: readonly string[][]) => states.flat().includes(state);
  switch (functionOf(operation)) {
    case 'downloadOrder':
      return isIn(reserved, ['confirmed'], released) || (state === 'available' ? false : undefined);
    case 'confirmOrder':
      if (state === 'confirmed') return operation.terms?.release === false ? true : undefined;
      return isIn(released) || (isIn(reserved) ? false : undefined);
    case 'releaseProfile':
      return isIn(released) || (state === 'confirmed' ? false : undefined);
    case 'cancelOrder':
      return isIn(inStock) || (isIn(reserved, ['confirmed', 'released']) ? false : undefined);
    default:
      throw new Error('there is no such function of ES2+');
  }
}
