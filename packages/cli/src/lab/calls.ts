import { concat, DerError, toHex } from '@esim-rsp/codec';
import type { CardCall, PhoneCall, ServerCall } from '@esim-rsp/phone';
import type { LabCall, LabCallSummary } from '@esim-rsp/server/rest/lab/lab-phone';
import { describeStatus } from '@esim-rsp/sgp22/explain';
import { commands, es9Words, type FunctionWords, LOAD } from './functions.ts';
import { cardMessage, serverMessage } from './messages.ts';

const KEPT = 100;

/** The last calls of a phone. */
export type CallJournal = {
  /** Takes the next call on the wire; gives the call of the LPA if that ends it. */
  record(call: PhoneCall): LabCallSummary | undefined;
  /** Forgets a package that was loaded in part only. */
  endLoad(): void;
  find(id: string): LabCall | undefined;
};

export function createCallJournal(): CallJournal {
  const kept = new Map<string, LabCall>();
  let last = 0;
  let loaded: Uint8Array[] = [];
  const keep = (described: Described): LabCallSummary => {
    const id = String(++last);
    const { request, answer, ...summary } = described;
    const call = { id, ...summary };
    kept.set(id, { call, request, ...(answer && { answer }) });
    kept.delete(String(last - KEPT));
    return call;
  };
  const recordCommand = (call: CardCall) => {
    const words = wordsFor(call.command, loaded.length > 0);
    if (words !== LOAD) return keep(describeCommand(words, [call.command], call));
    loaded.push(call.command);
    if (call.sw === 0x9000 && call.data.length === 0) return undefined;
    const parts = loaded;
    loaded = [];
    return keep(describeCommand(words, parts, call));
  };
  return {
    record: (call) => (call.to === 'euicc' ? recordCommand(call) : keep(describeCall(call))),
    endLoad: () => {
      loaded = [];
    },
    find: (id) => kept.get(id),
  };
}

type Described = Omit<LabCallSummary, 'id'> & Omit<LabCall, 'call'>;

/** What follows the first part of a package has tags of its own, which no command has. */
function wordsFor(command: Uint8Array, isLoading: boolean): FunctionWords {
  const known = commands[toHex(command.subarray(0, 2))];
  if (known !== undefined) return known;
  return isLoading ? LOAD : { name: 'unknown', about: 'An unknown command' };
}

function describeCommand(
  { name, about, refuses }: FunctionWords,
  parts: readonly Uint8Array[],
  { sw, data }: CardCall,
): Described {
  const octets = concat(...parts);
  const isDone = sw === 0x9000;
  return {
    to: 'euicc',
    function: name,
    about,
    ...(isDone
      ? { outcome: refuses !== undefined && isRefusal(refuses, data) ? 'refused' : 'done' }
      : { outcome: 'failed', message: `status word ${sw.toString(16).toUpperCase()}` }),
    sent: octets.length,
    received: data.length,
    parts: parts.length,
    request: cardMessage(octets),
    answer: cardMessage(data),
  };
}

/** An answer that cannot be read is for the LPA to judge. */
function isRefusal(refuses: (data: Uint8Array) => boolean, data: Uint8Array): boolean {
  try {
    return refuses(data);
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

function describeCall(call: ServerCall): Described {
  const { name, about } = es9Words(call.path);
  const text = JSON.stringify(call.body);
  const request = { function: name, about, to: 'smdp', sent: text.length, parts: 1 } as const;
  if ('error' in call) {
    const { message } = call.error;
    return { ...request, outcome: 'failed', message, received: 0, request: serverMessage(text) };
  }
  const { status, body } = call.answer;
  const answer = body === undefined ? '' : JSON.stringify(body);
  return {
    ...request,
    ...outcomeOf(status, body),
    received: answer.length,
    request: serverMessage(text),
    answer: serverMessage(answer),
  };
}

type Outcome = Pick<LabCallSummary, 'outcome' | 'subject_code' | 'reason_code' | 'message'>;
type StatusMembers = {
  readonly subjectCode?: unknown;
  readonly reasonCode?: unknown;
  readonly message?: unknown;
};
type Answered = {
  readonly header?: {
    readonly functionExecutionStatus?: { readonly status?: unknown; readonly statusCodeData?: StatusMembers };
  };
};

/** What the header of an answer says (SGP.22 6.5.1.4). A notification has none. */
function outcomeOf(httpStatus: number, body: unknown): Outcome {
  if (httpStatus < 200 || httpStatus > 299)
    return { outcome: 'failed', message: `HTTP status ${httpStatus}` };
  const { status, statusCodeData = {} } =
    (body as Answered | undefined)?.header?.functionExecutionStatus ?? {};
  if (status !== 'Failed' && status !== 'Expired') return { outcome: 'done' };
  const [subject, reason, message] = ['subjectCode', 'reasonCode', 'message'].map((name) =>
    String(statusCodeData[name as keyof StatusMembers] ?? ''),
  ) as [string, string, string];
  return {
    outcome: 'refused',
    subject_code: subject,
    reason_code: reason,
    message: message || describeStatus(subject, reason),
  };
}
