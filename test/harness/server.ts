import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import {
  Configuration,
  type CreateEUICCProfileRequest,
  ESIMRSPApi,
  type OrderEUICCProfileRequest,
} from '@esim-rsp/sdk';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { readConfig } from '@esim-rsp/server/process/config';
import { type RunningServer, startServer } from '@esim-rsp/server/process/start';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { parseActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { completeEid, type Eid } from '@esim-rsp/sgp22/value/eid';
import { luhnDigit } from '@esim-rsp/sgp22/value/iccid';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';

/** A server with its own data folder on free ports, and the account that calls it. */
export type World = AsyncDisposable & {
  readonly dataDir: string;
  readonly pkiDir: string;
  readonly server: RunningServer;
  readonly api: ESIMRSPApi;
};

/** The account that every server of these tests is started with. */
export const account = {
  ESIM_BOOTSTRAP_USER_ID: 'operator',
  ESIM_BOOTSTRAP_API_KEY: 'a-key-for-these-tests',
};

/** Starts the server as `esim serve` does. */
export async function startWorld(settings: Readonly<Record<string, string>> = {}): Promise<World> {
  const dataDir = settings.ESIM_DATA_DIR ?? mkdtempSync(join(tmpdir(), 'esim-e2e-'));
  const free = {
    ESIM_CODE_ATTEMPTS_PER_ADDRESS: '0', // every test guesses from the same address
    ESIM_HTTP_PORT: '0',
    ESIM_ES9_PORT: '0',
    ESIM_LOG_LEVEL: 'silent',
  };
  const config = readConfig({ ...free, ...account, ESIM_DATA_DIR: dataDir, ...settings });
  const server = await startServer(config);
  return {
    dataDir,
    pkiDir: config.pkiDir,
    server,
    api: apiAt(server.restUrl),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      if (settings.ESIM_DATA_DIR === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The REST API as that account calls it. */
export function apiAt(restUrl: string): ESIMRSPApi {
  const apiKey = (name: string) =>
    name === 'x-user-id' ? account.ESIM_BOOTSTRAP_USER_ID : account.ESIM_BOOTSTRAP_API_KEY;
  return new ESIMRSPApi(new Configuration({ basePath: `${restUrl}/api/v1/esim`, apiKey }));
}

let counter = 0;

/** ICCIDs that no other test uses. */
export function nextIccid(): string {
  const digits = `8988201${String(++counter).padStart(11, '0')}`;
  return digits + luhnDigit(digits);
}

/** Parameters of a subscription that no other test uses. */
export function subscription() {
  const iccid = nextIccid();
  const imsi = `00101${String(counter).padStart(10, '0')}`;
  const [ki, opc] = ['465b5ce8b199b49faa5f0a2ee238a6bc', 'cd63cb71954a9f4e48a5994e37a02baf'];
  return { iccid, imsi, ki, opc, service_provider_name: 'Example Mobile' };
}

/** Stocks and orders a profile; gives its ICCID and activation code (empty for a default SM-DP+ order). */
export async function released(
  { api }: World,
  content: CreateEUICCProfileRequest = { parameters: subscription() },
  order: OrderEUICCProfileRequest = {},
): Promise<{ readonly iccid: string; readonly activationCode: string }> {
  const { data: stocked } = await api.createEUICCProfile(content);
  assert.equal(stocked.state, 'AVAILABLE');
  const { data } = await api.orderEUICCProfile(stocked.iccid, order);
  assert.equal(data.state, 'RELEASED');
  return { iccid: data.iccid, activationCode: data.activation_code };
}

export async function stateOf({ api }: World, iccid: string): Promise<string> {
  return (await api.getEUICCProfile(iccid)).data.state;
}

/** A phone of this world, and its LPA; `said` collects what the LPA reported. */
export type TestPhone = AsyncDisposable & {
  readonly phone: Phone;
  readonly env: LpaEnv;
  readonly said: Step[];
};

export type PhoneWish = {
  readonly eid?: Eid;
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
  /** Wraps the connection to the server, to change what passes. */
  readonly through?: (es9: Es9Channel) => Es9Channel;
};

export function nextEid(): Eid {
  return completeEid(`89049032${String(++counter).padStart(22, '7')}`);
}

/** Creates a phone in the world's data folder, as `esim phone create` does, and switches it on. */
export async function newPhone({ dataDir, pkiDir, server }: World, wish: PhoneWish = {}): Promise<TestPhone> {
  const pki = await readPkiDirectory(wish.pkiDir ?? pkiDir);
  assert.ok(pki);
  const { eid, changed = (card: Card) => card } = wish;
  const card = changed(
    issueCard({ pki, eid, suggestedEid: nextEid(), defaultDpAddress: server.smdpAddress }),
  );
  const place = { dataDir, name: `phone-${++counter}` };
  await createPhone(place, card);
  const said: Step[] = [];
  const phone = await openPhone(place, {
    onStep: (step) => said.push(step),
    fault: wish.fault && prepareFault(wish.fault, pki),
    connectTo: wish.connectTo,
  });
  return { ...lpaOf(phone, wish), phone, said };
}

/** The LPA of a phone, with what the test changes between it and the server. */
function lpaOf(
  phone: Phone,
  { through = (es9) => es9, tlsTrust, connectTo }: PhoneWish,
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

/** What the QR code in a PNG says, by a decoder that is not ours. */
export function qrTextOf(png: Buffer): string | undefined {
  const decode = jsqr as unknown as typeof jsqr.default; // its types call the CommonJS export a default one
  const { data, width, height } = PNG.sync.read(png);
  return decode(Uint8ClampedArray.from(data), width, height)?.data;
}
