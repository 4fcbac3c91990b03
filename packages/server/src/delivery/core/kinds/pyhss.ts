import type { CoreNetwork } from '../../../store/ports/gateway/core-networks.ts';
import { CoreError } from '../core-error.ts';
import type { CoreCall, CoreKindClient } from '../core-kind.ts';
import { ask, type HttpAnswer, type HttpRequest, memberOf, mustAnswer } from '../http.ts';
import { needsMilenage, type Subscription } from '../subscription.ts';

/** What is set of the keys, also if they are there. Their sequence number stays. */
export function pyHssKeys({ iccid, imsi, k, opc }: Subscription, { settings }: CoreNetwork) {
  return { iccid, imsi, ki: k, opc, amf: settings.terms.amf, esim: true };
}

export function pyHssApn({ settings: { terms } }: CoreNetwork) {
  const { apn, ambrDownlinkMbps, ambrUplinkMbps } = terms;
  return { apn, ip_version: 0, apn_ambr_dl: bits(ambrDownlinkMbps), apn_ambr_ul: bits(ambrUplinkMbps) };
}

export function pyHssSubscriber(
  { imsi, msisdn }: Subscription,
  { settings: { terms } }: CoreNetwork,
  { aucId, apnId }: { readonly aucId: number; readonly apnId: number },
) {
  return {
    imsi,
    enabled: true,
    auc_id: aucId,
    default_apn: apnId,
    apn_list: String(apnId),
    ...(msisdn !== undefined && { msisdn }),
    ue_ambr_dl: bits(terms.ambrDownlinkMbps),
    ue_ambr_ul: bits(terms.ambrUplinkMbps),
  };
}

const bits = (mbps: number) => mbps * 1_000_000;

/** PyHSS over its REST API: keys (auc), the APN if it is not there, and the subscriber. */
export const pyhss: CoreKindClient = {
  put: async (call, subscription) => {
    const { core } = call;
    const { imsi } = subscription;
    const { sqn } = core.settings.terms;
    const aucId = await putRecord(call, 'auc', await findByImsi(call, 'auc', imsi), {
      always: pyHssKeys(subscription, core),
      first: { sqn },
    });
    const apnId = await apnIdOf(call);
    await putRecord(call, 'subscriber', await findByImsi(call, 'subscriber', imsi), {
      always: pyHssSubscriber(subscription, core, { aucId, apnId }),
      first: {},
    });
  },
  remove: async (call, imsi) => {
    for (const record of ['subscriber', 'auc'] as const) {
      const id = await findByImsi(call, record, imsi);
      if (id === undefined) continue;
      const answer = await send(call, { method: 'DELETE', path: `/${record}/${id}` });
      mustAnswer(answer, [200, 204, 404], `${record} could not be deleted`);
    }
  },
  cannotTake: needsMilenage,
};

type RecordName = 'auc' | 'subscriber';

function send(call: CoreCall, request: HttpRequest): Promise<HttpAnswer> {
  const { token } = call.core.credentials;
  return ask(call, { ...request, headers: token === undefined ? {} : { 'Provisioning-Key': token } });
}

/** undefined: there is none. Releases answer differently then, but no 5xx, and never with an id. */
async function findByImsi(call: CoreCall, record: RecordName, imsi: string): Promise<number | undefined> {
  const answer = await send(call, { method: 'GET', path: `/${record}/imsi/${imsi}` });
  const id = memberOf(answer.json, `${record}_id`);
  if (answer.status === 200 && Number.isSafeInteger(id) && memberOf(answer.json, 'imsi') === imsi)
    return id as number;
  const isRefused = memberOf(answer.json, 'result') === 'Failed';
  mustAnswer(answer, isRefused ? [answer.status] : [200, 400, 404, 410], `${record} could not be read`);
  return undefined;
}

/** Creates the record, with `first`, or updates it; resolves to its id. */
async function putRecord(
  call: CoreCall,
  record: RecordName,
  known: number | undefined,
  { always, first }: { readonly always: object; readonly first: object },
): Promise<number> {
  const request: HttpRequest =
    known === undefined
      ? { method: 'PUT', path: `/${record}/`, body: { ...always, ...first } }
      : { method: 'PATCH', path: `/${record}/${known}`, body: always };
  const what = `${record} could not be ${known === undefined ? 'created' : 'updated'}`;
  const answer = mustAnswer(await send(call, request), [200, 201], what);
  return known ?? idIn(answer, `${record}_id`);
}

async function apnIdOf(call: CoreCall): Promise<number> {
  const wanted = pyHssApn(call.core);
  const list = mustAnswer(
    await send(call, { method: 'GET', path: '/apn/list' }),
    [200],
    'the APNs could not be read',
  );
  const found = Array.isArray(list.json)
    ? list.json.find((one) => memberOf(one, 'apn') === wanted.apn)
    : undefined;
  if (found !== undefined) return idIn({ status: 200, json: found }, 'apn_id');
  const created = await send(call, { method: 'PUT', path: '/apn/', body: wanted });
  return idIn(mustAnswer(created, [200, 201], 'the APN could not be created'), 'apn_id');
}

function idIn({ json, status }: HttpAnswer, name: string): number {
  const id = memberOf(json, name);
  if (Number.isSafeInteger(id)) return id as number;
  throw new CoreError(`answered ${status} without ${name}`, { status });
}
