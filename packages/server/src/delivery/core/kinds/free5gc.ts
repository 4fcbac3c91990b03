import type { CoreNetwork } from '../../../store/ports/gateway/core-networks.ts';
import { CoreError } from '../core-error.ts';
import type { CoreCall, CoreKindClient } from '../core-kind.ts';
import { ask, memberOf, mustAnswer } from '../http.ts';
import { needsMilenage, plmnOf, type Subscription, sqnDigits } from '../subscription.ts';

const key = (member: string, value: string) => ({
  [member]: value,
  encryptionKey: 0,
  encryptionAlgorithm: 0,
});

/** A subscriber of the free5GC webconsole. `sqn`: 12 hexadecimal digits. */
export function free5gcSubscriber(
  { imsi, k, opc, msisdn }: Subscription,
  core: CoreNetwork,
  { plmn, sqn }: { readonly plmn: string; readonly sqn: string },
) {
  const { amf, apn, sst, sd, ambrDownlinkMbps, ambrUplinkMbps } = core.settings.terms;
  const slice = { sst, ...(sd !== undefined && { sd }) };
  const sliceName = sst.toString(16).padStart(2, '0') + (sd ?? '');
  const ambr = { uplink: `${ambrUplinkMbps} Mbps`, downlink: `${ambrDownlinkMbps} Mbps` };
  return {
    plmnID: plmn,
    ueId: `imsi-${imsi}`,
    AuthenticationSubscription: {
      authenticationMethod: '5G_AKA',
      permanentKey: key('permanentKeyValue', k),
      milenage: { op: key('opValue', '') },
      opc: key('opcValue', opc),
      authenticationManagementField: amf,
      sequenceNumber: sqn,
    },
    AccessAndMobilitySubscriptionData: {
      gpsis: msisdn === undefined ? [] : [`msisdn-${msisdn}`],
      nssai: { defaultSingleNssais: [slice], singleNssais: [] },
      subscribedUeAmbr: ambr,
    },
    SessionManagementSubscriptionData: [
      { singleNssai: slice, dnnConfigurations: { [apn]: dnnConfiguration(ambr) } },
    ],
    SmfSelectionSubscriptionData: { subscribedSnssaiInfos: { [sliceName]: { dnnInfos: [{ dnn: apn }] } } },
    AmPolicyData: { subscCats: ['free5gc'] },
    SmPolicyData: {
      smPolicySnssaiData: { [sliceName]: { snssai: slice, smPolicyDnnData: { [apn]: { dnn: apn } } } },
    },
    FlowRules: [],
    QosFlows: [],
    ChargingDatas: [],
  };
}

function dnnConfiguration(sessionAmbr: object) {
  return {
    pduSessionTypes: { defaultSessionType: 'IPV4', allowedSessionTypes: ['IPV4'] },
    sscModes: { defaultSscMode: 'SSC_MODE_1', allowedSscModes: ['SSC_MODE_2', 'SSC_MODE_3'] },
    '5gQosProfile': {
      '5qi': 9,
      arp: { priorityLevel: 8, preemptCap: '', preemptVuln: '' },
      priorityLevel: 8,
    },
    sessionAmbr,
  };
}

/** free5GC over the REST API of its webconsole. A subscriber with the same keys keeps its sequence number. */
export const free5gc: CoreKindClient = {
  put: async (call, subscription) => {
    const { core } = call;
    const plmn = mustHavePlmn(core, subscription.imsi);
    const headers = await logIn(call);
    const path = pathOf(subscription.imsi, plmn);
    const present = await ask(call, { method: 'GET', path, headers });
    const known = memberOf(present.json, 'AuthenticationSubscription');
    mustAnswer(present, [200, 404], 'the subscriber could not be read');
    const isThere = present.status === 200 && memberOf(known, 'permanentKey') !== undefined;
    const sqn = (isThere && sqnToKeep(known, subscription)) || sqnDigits(core.settings.terms.sqn);
    const body = free5gcSubscriber(subscription, core, { plmn, sqn });
    const answer = await ask(call, { method: isThere ? 'PUT' : 'POST', path, headers, body });
    mustAnswer(answer, [200, 201, 204], `the subscriber could not be ${isThere ? 'updated' : 'created'}`);
  },
  remove: async (call, imsi) => {
    const path = pathOf(imsi, mustHavePlmn(call.core, imsi));
    const answer = await ask(call, { method: 'DELETE', path, headers: await logIn(call) });
    mustAnswer(answer, [200, 204, 404], 'the subscriber could not be deleted');
  },
  cannotTake: (subscription, core) => {
    if (plmnOf(core, subscription.imsi) === undefined)
      return 'its IMSI does not show where the network code ends: set plmn';
    return needsMilenage(subscription);
  },
};

const pathOf = (imsi: string, plmn: string) => `/api/subscriber/imsi-${imsi}/${plmn}`;

function mustHavePlmn(core: CoreNetwork, imsi: string): string {
  const plmn = plmnOf(core, imsi);
  if (plmn === undefined) throw new CoreError('the IMSI does not show where the network code ends: set plmn');
  return plmn;
}

async function logIn(call: CoreCall): Promise<Record<string, string>> {
  const { user: username, password } = call.core.credentials;
  const body = { username, password };
  const answer = await ask(call, { method: 'POST', path: '/api/login', body });
  const token = memberOf(mustAnswer(answer, [200], 'the login failed').json, 'access_token');
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,8192}$/.test(token))
    throw new CoreError('the answer to the login has no access_token', { status: answer.status });
  return { Token: token };
}

/** undefined: the subscriber has other keys. */
function sqnToKeep(known: unknown, { k }: Subscription): string | undefined {
  const before = memberOf(memberOf(known, 'permanentKey'), 'permanentKeyValue');
  const sqn = memberOf(known, 'sequenceNumber');
  const isSame = typeof before === 'string' && before.toLowerCase() === k;
  return isSame && typeof sqn === 'string' && /^[0-9A-Fa-f]{12}$/.test(sqn) ? sqn : undefined;
}
