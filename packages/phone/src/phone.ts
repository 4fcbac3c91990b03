import {
  type AskConfirmationCode,
  type Card,
  type Consent,
  type Downloaded,
  deleteProfile,
  disableProfile,
  download,
  enableProfile,
  execute,
  type ListedProfile,
  type LpaEnv,
  listProfiles,
  type Sent,
  type Source,
  type Step,
  sendNotifications,
  type WaitingNotification,
  waitingNotifications,
} from '@esim-rsp/euicc';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { type Terminal, terminalOf } from './apdu/terminal.ts';
import { type PhoneCall, reportCalls, reportCommands } from './call.ts';
import { type CardSlot, cardSlot } from './card-slot.ts';
import type { PhoneFault } from './fault.ts';
import { lockPhone } from './lock.ts';
import { PhoneError } from './phone-error.ts';
import { hasPhone, type PhonePlace, readCard, removeCard, writeCard } from './phone-file.ts';
import { es9Transport, type HttpsTransport } from './transport.ts';

/** What the user of the phone says during a download. */
export type User = {
  /** Whether the profile may be installed; yes if absent. */
  readonly consent?: Consent;
  /** The confirmation code; none if absent. */
  readonly confirmationCode?: AskConfirmationCode;
};

export type PhoneSettings = {
  /** Called with each step of the LPA when it is done. */
  readonly onStep?: (step: Step) => void;
  /** Called with each call that the LPA makes of the card and of servers, as it is on the wire: with the fault, if there is one. */
  readonly onCall?: (call: PhoneCall) => void;
  /** What the phone does wrong. */
  readonly fault?: PhoneFault | undefined;
  /** `host:port` to connect to instead of the address, whose name the certificate of the server must still have: for labs without DNS. */
  readonly connectTo?: string | undefined;
};

/**
 * A phone that is switched on. What changes its card is on the disk when the promise resolves. The functions of the LPA throw an
 * `LpaFailure` that says at which step they failed, why, and what to do.
 */
export type Phone = AsyncDisposable &
  LpaEnv &
  Pick<CardSlot, 'card'> & {
    readonly name: string;
    /** Downloads a profile (SGP.22 3.1.3); without a source from the default SM-DP+ of the card. The profile is disabled afterwards. */
    readonly download: (source?: Source, user?: User) => Promise<Downloaded>;
    readonly profiles: () => Promise<ListedProfile[]>;
    /** ES10c.EnableProfile (5.7.16): the profile that was enabled is disabled. */
    readonly enable: (iccid: Iccid) => Promise<void>;
    /** ES10c.DisableProfile (5.7.17). */
    readonly disable: (iccid: Iccid) => Promise<void>;
    /** ES10c.DeleteProfile (5.7.18). */
    readonly delete: (iccid: Iccid) => Promise<void>;
    /** The notifications that are still on the card, oldest first. */
    readonly notifications: () => Promise<WaitingNotification[]>;
    /** Sends them (SGP.22 3.5). What cannot be delivered stays on the card. */
    readonly sendNotifications: () => Promise<Sent>;
    /** A card reader, for an LPA that sends APDUs. */
    readonly terminal: () => Terminal;
    /** HTTPS to the servers that prove themselves under a CI of the card. */
    readonly https: HttpsTransport;
  };

/** Creates a phone with this card (see `issueCard`). Throws a PhoneError if there is a phone of this name. */
export async function createPhone(place: PhonePlace, card: Card): Promise<void> {
  await using _lock = await lockPhone(place);
  if (await hasPhone(place)) throw new PhoneError('exists', `there is a phone ${place.name} already`);
  await writeCard(place, card);
}

/** Deletes a phone with its card. Throws a PhoneError if there is none or another process uses it. */
export async function deletePhone(place: PhonePlace): Promise<void> {
  if (!(await hasPhone(place))) throw new PhoneError('unknown', `there is no phone ${place.name}`);
  await using _lock = await lockPhone(place);
  await removeCard(place);
}

/** Switches a phone on; no other process can use it until it is disposed of. Throws a PhoneError. */
export async function openPhone(place: PhonePlace, settings: PhoneSettings = {}): Promise<Phone> {
  await using opened = new AsyncDisposableStack();
  opened.use(await lockPhone(place));
  const card = await readCard(place);
  if (card === undefined) throw new PhoneError('unknown', `there is no phone ${place.name}`);
  const { fault, connectTo, onCall, onStep = () => undefined } = settings;
  const slot = cardSlot(place, card, fault?.execute ?? execute);
  const trust = card.ciCertificates.map((certificate) => trustCi(certificate));
  const https = opened.use(es9Transport({ trust, connectTo }));
  const es9 = onCall ? reportCalls(https, onCall) : https;
  const es10 = onCall ? reportCommands(slot.es10, onCall) : slot.es10;
  const lpa: LpaEnv = { es10, es9: fault?.es9(es9) ?? es9, onStep };
  const kept = opened.move();
  return {
    ...lpa,
    ...functionsOf(slot, lpa, fault),
    name: place.name,
    card: slot.card,
    terminal: () => terminalOf(slot),
    https,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function functionsOf(slot: CardSlot, lpa: LpaEnv, fault: PhoneFault | undefined) {
  const { es10 } = lpa;
  return {
    download: (
      source = defaultSource(slot.card()),
      { consent = agree, confirmationCode = noCode }: User = {},
    ) => download({ source, consent: declinesFor(fault, lpa) ?? consent, confirmationCode }, lpa),
    profiles: () => listProfiles(es10),
    enable: (iccid) => enableProfile(es10, iccid),
    disable: (iccid) => disableProfile(es10, iccid),
    delete: (iccid) => deleteProfile(es10, iccid),
    notifications: () => waitingNotifications(es10),
    sendNotifications: () => sendNotifications(lpa),
  } satisfies Partial<Phone>;
}

const agree: Consent = async () => true;
const noCode: AskConfirmationCode = async () => undefined;

/** A fault of CancelSession shows only if the user says no. */
function declinesFor(fault: PhoneFault | undefined, { onStep }: LpaEnv): Consent | undefined {
  if (fault?.step !== 'cancelSession') return undefined;
  return async () => {
    onStep({ name: 'consent', text: 'the user says no, so that the session is cancelled' });
    return false;
  };
}

function defaultSource({ defaultDpAddress }: Card): Source {
  if (defaultDpAddress === '') throw new PhoneError('no-source', 'the phone has no default SM-DP+');
  return { smdpAddress: defaultDpAddress };
}
