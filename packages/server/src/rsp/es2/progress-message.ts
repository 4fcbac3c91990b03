import { type Eid, parseEid } from '@esim-rsp/sgp22/value/eid';
import { type Iccid, parsePaddedIccid } from '@esim-rsp/sgp22/value/iccid';
import { replaceHarmful } from '@esim-rsp/sgp22/value/text';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { CallFault } from '@esim-rsp/smdp/state/gateway/operation';

/** HandleDownloadProgressInfo (5.3.5) as vendors send it. */
export type ProgressMessage = {
  /** Absent: the EID says which Profile it is about. */
  readonly iccid?: Iccid;
  readonly eid?: Eid;
  readonly point: number;
  /** Unix seconds. */
  readonly at: number;
  /** Absent: it went well. */
  readonly fault?: CallFault;
  readonly resultData?: Uint8Array;
};

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a message, and tolerates what vendors do: members of null, an ICCID with F or f behind it, a point that is a text, statuses in any letter case,
 * times with a fraction or without an offset, an EID instead of an ICCID. Throws a ValueError if the ICCID, the EID, the point, the time or the status
 * cannot be read.
 */
export function readProgress(message: unknown): ProgressMessage {
  const members = objectIn(message);
  if (members === undefined) throw new ValueError('expected an object');
  const { iccid, resultData } = members;
  const eid = isAbsent(members.eid) ? undefined : parseEid(textIn(members, 'eid'));
  const fault = faultIn(members.notificationPointStatus);
  const result = typeof resultData === 'string' ? bytesIn(resultData) : undefined;
  return {
    ...(!(isAbsent(iccid) && eid !== undefined) && { iccid: parsePaddedIccid(textIn(members, 'iccid')) }),
    ...(eid !== undefined && { eid }),
    point: pointIn(members.notificationPointId),
    at: timeIn(textIn(members, 'timestamp')),
    ...(fault !== undefined && { fault }),
    ...(result !== undefined && { resultData: result }),
  };
}

const isAbsent = (value: unknown) => value === undefined || value === null || value === '';

function objectIn(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Members)
    : undefined;
}

function textIn(members: Members, field: string): string {
  const value = members[field];
  if (typeof value === 'string') return value.trim();
  throw new ValueError('must be a text', { field });
}

function pointIn(value: unknown): number {
  const point = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof point === 'number' && Number.isInteger(point) && point >= 0 && point < 1e9) return point;
  throw new ValueError('must be a whole number', { field: 'notificationPointId' });
}

/** Without an offset it is UTC. */
function timeIn(text: string): number {
  const [, date, clock, offset = 'Z'] =
    /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,]\d{1,9})?(Z|z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
  const colon = offset.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2').toUpperCase();
  const time = Date.parse(`${date}T${clock}${colon}`);
  if (Number.isNaN(time))
    throw new ValueError('must be a time such as 2026-03-01T10:00:00Z', { field: 'timestamp' });
  return Math.floor(time / 1000);
}

/** undefined: it went well. */
function faultIn(value: unknown): CallFault | undefined {
  const result = objectIn(value);
  const status = typeof result?.status === 'string' ? result.status.toLowerCase() : undefined;
  if (status === undefined) throw new ValueError('must have a status', { field: 'notificationPointStatus' });
  if (status.startsWith('executed')) return undefined;
  const data = objectIn(result?.statusCodeData);
  const [subjectCode, reasonCode] = [codeIn(data?.subjectCode), codeIn(data?.reasonCode)];
  const message = typeof data?.message === 'string' && data.message !== '' ? data.message : status;
  return {
    ...(subjectCode !== undefined && { subjectCode }),
    ...(reasonCode !== undefined && { reasonCode }),
    message: replaceHarmful(message).slice(0, 300),
  };
}

function codeIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{1,3}(\.\d{1,3}){0,4}$/.test(value) ? value : undefined;
}

/** Characters of the longest result that is kept: those of eUICCs have some hundred octets. */
const MOST_RESULT = 16_384;

/** Base64, with white space or without, or hexadecimal digits. What is neither is left out, and so is what is too long: it is only kept. */
function bytesIn(text: string): Uint8Array | undefined {
  if (text === '' || text.length > MOST_RESULT) return undefined;
  if (/^([0-9a-f]{2})+$/i.test(text)) return new Uint8Array(Buffer.from(text, 'hex'));
  const base64 = text.replaceAll(/\s/g, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? new Uint8Array(Buffer.from(base64, 'base64')) : undefined;
}
