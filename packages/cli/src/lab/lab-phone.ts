import { LpaFailure } from '@esim-rsp/euicc';
import { type FaultName, faults, type NamedFault } from '@esim-rsp/euicc/fault';
import {
  hasPhone,
  isCardFault,
  openPhone,
  type Phone,
  PhoneError,
  type PhoneSettings,
} from '@esim-rsp/phone';
import type { Config } from '@esim-rsp/server/process/config';
import { LabError, type LabFault, type LabPhone } from '@esim-rsp/server/rest/lab/lab-phone';
import {
  type ActivationCode,
  parseActivationCode,
  sameSmdpAddress,
} from '@esim-rsp/sgp22/value/activation-code';
import { type Iccid, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { activationCodeInText } from '@esim-rsp/sgp22/value/pasted-activation-code';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { readFault } from '../phone/fault-option.ts';
import { createLocalPhone } from '../phone/new-phone.ts';
import { defaultPhone } from '../phone/options.ts';
import { serverAddresses } from '../running.ts';
import { createCallJournal } from './calls.ts';
import { type RunningDownload, runDownload } from './download.ts';
import { createEventJournal } from './events.ts';
import { describePhone } from './state.ts';

/**
 * The phone on the screen of a demo: the same phone as that of `esim phone`, in the process of the server. It is switched on for one
 * action at a time, so that commands can use it in between.
 */
export function createLabPhone(config: Config): LabPhone {
  const calls = createCallJournal();
  const events = createEventJournal();
  let inUse: Phone | undefined;
  let running: RunningDownload | undefined;
  let lastTurn: Promise<unknown> = Promise.resolve();

  const switchOn = async (settings: PhoneSettings): Promise<Phone> => {
    if (inUse !== undefined)
      throw new LabError('lab_busy', 'the phone is doing something else: wait for its end');
    const phone = await openLocalPhone(config, settings);
    inUse = phone;
    return phone;
  };
  const switchOff = async (phone: Phone) => {
    await phone[Symbol.asyncDispose]();
    inUse = undefined;
  };
  /** One after another: a phone that is looked at is not busy. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = lastTurn.then(work);
    lastTurn = turn.catch(() => undefined);
    return turn;
  };
  const withPhone = <T>(work: (phone: Phone) => Promise<T>) =>
    inTurn(async () => {
      const phone = await switchOn({ onCall: recordCall });
      try {
        return await refusingClearly(() => work(phone));
      } finally {
        await switchOff(phone);
        events.add({ type: 'phone.changed' });
      }
    });
  const recordCall: NonNullable<PhoneSettings['onCall']> = (call) => {
    const recorded = calls.record(call);
    const download_id = running?.id;
    if (recorded) events.add({ type: 'call', call: recorded, ...(download_id && { download_id }) });
  };

  return {
    faults: Object.entries(faults).map(describeFault),
    state: async () => {
      const describe = (phone: Phone) => describePhone(phone, events.lastId, running);
      if (inUse !== undefined) return describe(inUse);
      return inTurn(async () => {
        if (inUse !== undefined) return describe(inUse);
        await using phone = await openLocalPhone(config, {});
        return await describe(phone);
      });
    },
    download: ({ activation_code, fault }) =>
      inTurn(async () => {
        const source = activation_code === undefined ? undefined : readCode(activation_code);
        const prepared = await refusingClearly(() => readFault(fault ? { fault: faultNamed(fault) } : {}));
        const phone = await switchOn({
          onCall: recordCall,
          onStep: (step) => running?.step(step),
          fault: prepared,
        });
        const download = runDownload(phone, source, events);
        running = download;
        void download.ended.then(async (end) => {
          calls.endLoad();
          await switchOff(phone);
          running = undefined;
          events.add({ type: 'download.ended', download_id: download.id, end });
          events.add({ type: 'phone.changed' });
        });
        return download.state();
      }),
    answer: (id, answer) => {
      if (running?.id !== id) throw new LabError('lab_not_found', 'there is no such download in progress');
      running.answer(answer);
    },
    change: (text, change) =>
      withPhone(async (phone) => {
        const iccid = await installedOn(phone, text);
        await phone[change](iccid);
        await phone.sendNotifications();
      }),
    sendNotifications: () => withPhone(async (phone) => void (await phone.sendNotifications())),
    call: calls.find,
    eventsAfter: events.after,
    nextEvent: events.next,
  };
}

/** The first use creates the phone, under the PKI of the server. */
async function openLocalPhone(config: Config, settings: PhoneSettings): Promise<Phone> {
  const place = { dataDir: config.dataDir, name: defaultPhone };
  return refusingClearly(async () => {
    if (!(await hasPhone(place))) await createLocalPhone(config, { name: defaultPhone });
    return await openPhone(place, settings);
  });
}

/** Errors of the phone and of its LPA, as those of the lab. */
async function refusingClearly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PhoneError)
      throw new LabError(error.code === 'busy' ? 'lab_busy' : 'lab_refused', error.message, { cause: error });
    if (error instanceof LpaFailure) throw new LabError('lab_refused', error.message, { cause: error });
    throw error;
  }
}

/** A code of this server: others must not make the server call any host. */
function readCode(text: string): ActivationCode {
  const { smdpAddress: own } = serverAddresses();
  const code = parseCode(text);
  if (sameSmdpAddress(code.smdpAddress, own)) return code;
  const message = `this phone downloads from ${own} only, and the code leads to ${code.smdpAddress}: use 'esim phone download'`;
  throw new LabError('invalid_value', message);
}

function parseCode(text: string): ActivationCode {
  try {
    return parseActivationCode(activationCodeInText(text) ?? text);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new LabError('invalid_value', `the activation code cannot be used: ${error.message}`);
  }
}

function faultNamed(name: string): FaultName {
  if (Object.hasOwn(faults, name)) return name as FaultName;
  throw new LabError('invalid_value', 'there is no such fault: /lab/faults lists them');
}

async function installedOn(phone: Phone, text: string): Promise<Iccid> {
  const iccid = parseIccid(text);
  if (phone.card().profiles.some((profile) => profile.iccid === iccid)) return iccid;
  throw new LabError('lab_not_found', `the profile ${iccid} is not on the phone`);
}

function describeFault([name, fault]: [string, NamedFault]): LabFault {
  const { about, step, refused } = fault;
  return { name, about, step, by: isCardFault(fault) ? 'euicc' : 'lpa', ...(refused && { refused }) };
}
