import assert from 'node:assert/strict';
import {
  type Card,
  type Downloaded,
  download,
  type Es9Channel,
  type LpaEnv,
  LpaFailure,
  type Step,
} from '@esim-rsp/euicc';
import type { FaultName } from '@esim-rsp/euicc/fault';
import { createPhone, es9Transport, issueCard, openPhone, type Phone, prepareFault } from '@esim-rsp/phone';
import type { Curve } from '@esim-rsp/sgp22/crypto/ecdsa';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { parseActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { completeEid, type Eid } from '@esim-rsp/sgp22/value/eid';
import { pkiOf } from './pki.ts';
import type { ServerProcess } from './server.ts';

let counter = 0;

/** A phone with a card of a server's PKI, and its LPA; `said` collects what the LPA reported. */
export type TestPhone = AsyncDisposable & {
  readonly phone: Phone;
  readonly env: LpaEnv;
  readonly said: Step[];
};

export type PhoneOptions = {
  readonly eid?: Eid;
  /** The only curve that the card supports; all of the PKI if absent. */
  readonly curve?: Curve;
  /** Folder of the PKI that the card is made under; the server's if absent. */
  readonly pkiDir?: string;
  /** Changes the card before it is put into the phone. */
  readonly changed?: (card: Card) => Card;
  /** CI certificates that TLS is checked with; those of the card if absent. */
  readonly tlsTrust?: readonly Uint8Array[];
  /** `host:port` to connect to, whatever the address says. */
  readonly connectTo?: string;
  /** What it does wrong. */
  readonly fault?: FaultName;
  /** Wraps the connection to the server, to change messages. */
  readonly through?: (es9: Es9Channel) => Es9Channel;
};

export function nextEid(): Eid {
  return completeEid(`89049032${String(++counter).padStart(22, '7')}`);
}

/** Creates a phone in the server's data folder, as `esim phone create` does, and switches it on. */
export async function newPhone(
  { dataDir, pkiDir, masterKeyFile, smdpAddress }: ServerProcess,
  options: PhoneOptions = {},
): Promise<TestPhone> {
  const pki = await pkiOf({
    dataDir,
    pkiDir: options.pkiDir ?? pkiDir,
    ...(masterKeyFile !== undefined && { masterKeyFile }),
  });
  const { eid, curve, changed = (card: Card) => card } = options;
  const card = changed(
    issueCard({ pki, eid, suggestedEid: nextEid(), defaultDpAddress: smdpAddress, curve }),
  );
  const place = { dataDir, name: `phone-${++counter}` };
  await createPhone(place, card);
  const said: Step[] = [];
  const phone = await openPhone(place, {
    onStep: (step) => said.push(step),
    fault: options.fault && prepareFault(options.fault, pki),
    connectTo: options.connectTo,
  });
  return { ...lpaOf(phone, options), phone, said };
}

/** The LPA of a phone, with what the test changes between it and the server. */
function lpaOf(
  phone: Phone,
  { through = (es9) => es9, tlsTrust, connectTo }: PhoneOptions,
): Pick<TestPhone, 'env' | typeof Symbol.asyncDispose> {
  const own = tlsTrust && es9Transport({ trust: tlsTrust.map((one) => trustCi(one)), connectTo });
  return {
    env: { es10: phone.es10, es9: through(own ?? phone.es9), onStep: phone.onStep },
    [Symbol.asyncDispose]: async () => {
      own?.[Symbol.dispose]();
      await phone[Symbol.asyncDispose]();
    },
  };
}

/** Downloads by activation code, with the given confirmation codes tried in turn. */
export function downloadBy(
  { env }: TestPhone,
  activationCode: string,
  ...codes: readonly string[]
): Promise<Downloaded> {
  const left = [...codes];
  return download(
    {
      source: parseActivationCode(activationCode),
      consent: async () => true,
      confirmationCode: async () => left.shift(),
    },
    env,
  );
}

/** For assert.rejects: the LPA failed at this step because the server refused with this pair of codes. */
export function refusedAt(step: string, pair: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof LpaFailure, String(error));
    const { status } = error;
    assert.deepEqual([error.step, `${status?.subjectCode}/${status?.reasonCode}`], [step, pair]);
    return true;
  };
}
