import { CoreError } from '../core-error.ts';
import { CORE_TIMEOUT_MS, type CoreCall, type CoreKindClient } from '../core-kind.ts';
import { needsMilenage } from '../subscription.ts';
import { open5gsMembers } from './open5gs-document.ts';

const [DATABASE, COLLECTION] = ['open5gs', 'subscribers'];

/** The database of Open5GS, with the driver of MongoDB: a package that is installed next to the server by those who need it. */
export const open5gs: CoreKindClient = {
  put: (call, subscription) =>
    overDriver(call, async ({ subscribers, Long }) => {
      const { imsi } = subscription;
      const first = { 'security.sqn': Long.fromNumber(call.core.settings.terms.sqn) };
      const change = { $set: open5gsMembers(subscription, call.core), $setOnInsert: first };
      await subscribers.updateOne({ imsi }, change, { upsert: true });
    }),
  remove: (call, imsi) =>
    overDriver(call, async ({ subscribers }) => void (await subscribers.deleteOne({ imsi }))),
  cannotTake: needsMilenage,
};

type Driver = typeof import('mongodb');
type Subscribers = ReturnType<ReturnType<InstanceType<Driver['MongoClient']>['db']>['collection']>;

async function overDriver(
  { core, signal }: CoreCall,
  work: (open: { readonly subscribers: Subscribers; readonly Long: Driver['Long'] }) => Promise<void>,
): Promise<void> {
  const { MongoClient, Long } = await loadDriver();
  const { user: username, password } = core.credentials;
  const client = new MongoClient(core.url, {
    ...(username !== undefined && { auth: { username, ...(password !== undefined && { password }) } }),
    serverSelectionTimeoutMS: CORE_TIMEOUT_MS / 2,
    connectTimeoutMS: CORE_TIMEOUT_MS / 2,
    socketTimeoutMS: CORE_TIMEOUT_MS / 2,
    maxPoolSize: 1,
    retryWrites: false,
    monitorCommands: false,
  });
  const close = () => void client.close(true);
  signal.addEventListener('abort', close);
  try {
    signal.throwIfAborted();
    await work({ subscribers: client.db(DATABASE).collection(COLLECTION), Long });
  } catch (error) {
    throw new CoreError(describe(error));
  } finally {
    signal.removeEventListener('abort', close);
    await client.close(true);
  }
}

async function loadDriver(): Promise<Driver> {
  try {
    return await import('mongodb');
  } catch {
    throw new CoreError(
      'the driver of MongoDB is missing: run npm install mongodb next to the server, or use open5gs_file',
    );
  }
}

/** Its messages may repeat what was sent, or addresses: the name of the error says what kind it is. */
function describe(error: unknown): string {
  const { name, codeName } = error as { name?: string; codeName?: string };
  if (name === 'MongoServerSelectionError') return 'no database answers at its URL';
  const known = [name, codeName].filter((word) => /^\w{1,60}$/.test(word ?? '')).join(', ');
  return `the database did not do it (${known})`;
}
