import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CoreError } from '../core-error.ts';
import {
  callTo,
  coreOf,
  coreServer,
  mustBeSilent,
  type Received,
  subscription,
} from '../testing/core.harness.ts';
import { free5gc } from './free5gc.ts';

const { imsi, k, opc } = subscription;
const credentials = { user: 'admin', password: 'free5gc' };
const path = `/api/subscriber/imsi-${imsi}/00101`;
const slice = { sst: 1, sd: '010203' };
const ambr = { uplink: '5 Mbps', downlink: '50 Mbps' };

/** Every member of the documented shape. */
const subscriber = (sequenceNumber: string) => ({
  plmnID: '00101',
  ueId: `imsi-${imsi}`,
  AuthenticationSubscription: {
    authenticationMethod: '5G_AKA',
    permanentKey: { permanentKeyValue: k, encryptionKey: 0, encryptionAlgorithm: 0 },
    milenage: { op: { opValue: '', encryptionKey: 0, encryptionAlgorithm: 0 } },
    opc: { opcValue: opc, encryptionKey: 0, encryptionAlgorithm: 0 },
    authenticationManagementField: '9001',
    sequenceNumber,
  },
  AccessAndMobilitySubscriptionData: {
    gpsis: ['msisdn-15550100'],
    nssai: { defaultSingleNssais: [slice], singleNssais: [] },
    subscribedUeAmbr: ambr,
  },
  SessionManagementSubscriptionData: [
    {
      singleNssai: slice,
      dnnConfigurations: {
        iot: {
          pduSessionTypes: { defaultSessionType: 'IPV4', allowedSessionTypes: ['IPV4'] },
          sscModes: { defaultSscMode: 'SSC_MODE_1', allowedSscModes: ['SSC_MODE_2', 'SSC_MODE_3'] },
          '5gQosProfile': {
            '5qi': 9,
            arp: { priorityLevel: 8, preemptCap: '', preemptVuln: '' },
            priorityLevel: 8,
          },
          sessionAmbr: ambr,
        },
      },
    },
  ],
  SmfSelectionSubscriptionData: { subscribedSnssaiInfos: { '01010203': { dnnInfos: [{ dnn: 'iot' }] } } },
  AmPolicyData: { subscCats: ['free5gc'] },
  SmPolicyData: {
    smPolicySnssaiData: { '01010203': { snssai: slice, smPolicyDnnData: { iot: { dnn: 'iot' } } } },
  },
  FlowRules: [],
  QosFlows: [],
  ChargingDatas: [],
});

/** A webconsole whose core network has advanced the sequence number of a subscriber. */
async function strictWebconsole() {
  let stored: object | undefined;
  return coreServer(({ call, body, headers }: Received) => {
    if (call === 'POST /api/login') {
      assert.deepEqual(body, { username: 'admin', password: 'free5gc' });
      return { status: 200, json: { access_token: 'eyJ.a.token' } };
    }
    assert.equal(headers.token, 'eyJ.a.token');
    switch (call) {
      case `GET ${path}`:
        return stored === undefined ? { status: 404, json: {} } : { status: 200, json: stored };
      case `POST ${path}`:
        assert.deepEqual(body, subscriber('000000000020'));
        stored = subscriber('0000000000c3');
        return { status: 201, json: {} };
      case `PUT ${path}`:
        assert.deepEqual(body, stored);
        return { status: 204 };
      case `DELETE ${path}`:
        stored = undefined;
        return { status: 204 };
      default:
        return assert.fail(call);
    }
  });
}

test('free5GC gets the whole subscriber, and one that it has keeps its sequence number', async () => {
  await using server = await strictWebconsole();
  const call = callTo(coreOf('free5gc', server.url, { credentials }));
  await free5gc.put(call, subscription);
  await free5gc.put(call, subscription);
  await free5gc.remove(call, imsi);
  const login = 'POST /api/login';
  const [read, create, update] = [`GET ${path}`, `POST ${path}`, `PUT ${path}`];
  assert.deepEqual(server.calls(), [login, read, create, login, read, update, login, `DELETE ${path}`]);
});

test('without a PLMN in the settings, the IMSI has to show it', () => {
  const core = coreOf('free5gc', 'http://localhost');
  assert.equal(free5gc.cannotTake?.(subscription, core), undefined);
  const unclear = { ...subscription, imsi: '350010000000001' };
  assert.match(free5gc.cannotTake?.(unclear, core) ?? '', /set plmn/);
  const withPlmn = coreOf('free5gc', 'http://localhost', { settings: { plmn: '35001' } });
  assert.equal(free5gc.cannotTake?.(unclear, withPlmn), undefined);
  assert.match(free5gc.cannotTake?.({ ...subscription, algorithm: 'tuak' }, core) ?? '', /Milenage/);
});

test('a login that fails, and a token that is none, are errors that say so', async () => {
  for (const [answer, said] of [
    [
      { status: 403, json: { password: 'free5gc' } },
      /the login failed: it answered 403: check the credentials/,
    ],
    [{ status: 200, json: { access_token: 'a\nb' } }, /no access_token/],
    [{ status: 200, json: [k] }, /no access_token/],
  ] as const) {
    await using server = await coreServer(() => answer);
    const call = callTo(coreOf('free5gc', server.url, { credentials }));
    await assert.rejects(free5gc.put(call, subscription), (error) => {
      assert.ok(error instanceof CoreError);
      assert.match(error.message, said);
      return mustBeSilent(error);
    });
  }
});
