import type { CoreNetwork } from '../../../store/ports/gateway/core-networks.ts';
import type { CoreKindClient } from '../core-kind.ts';
import { ask, mustAnswer } from '../http.ts';
import { needsMilenage, type Subscription } from '../subscription.ts';

const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
const idOf = (imsi: string) => `IMSI${imsi}`;

/** A subscriber of a Magma orchestrator. */
export function magmaSubscriber({ imsi, k, opc }: Subscription, { settings }: CoreNetwork) {
  return {
    id: idOf(imsi),
    lte: {
      state: 'ACTIVE',
      auth_algo: 'MILENAGE',
      auth_key: base64(k),
      auth_opc: base64(opc),
      sub_profile: 'default',
    },
    active_apns: [settings.terms.apn],
  };
}

const listOf = ({ settings }: CoreNetwork) =>
  `/magma/v1/lte/${encodeURIComponent(settings.network ?? '')}/subscribers`;

/** A Magma orchestrator over its REST API, with a TLS client certificate. */
export const magma: CoreKindClient = {
  put: async (call, subscription) => {
    const list = listOf(call.core);
    const one = `${list}/${idOf(subscription.imsi)}`;
    const present = await ask(call, { method: 'GET', path: one });
    mustAnswer(present, [200, 404], 'the subscriber could not be read');
    const body = magmaSubscriber(subscription, call.core);
    if (present.status === 404) {
      const created = await ask(call, { method: 'POST', path: list, body });
      mustAnswer(created, [200, 201], 'the subscriber could not be created');
    } else {
      const updated = await ask(call, { method: 'PUT', path: one, body });
      mustAnswer(updated, [200, 204], 'the subscriber could not be updated');
    }
  },
  remove: async (call, imsi) => {
    const answer = await ask(call, { method: 'DELETE', path: `${listOf(call.core)}/${idOf(imsi)}` });
    mustAnswer(answer, [200, 204, 404], 'the subscriber could not be deleted');
  },
  cannotTake: needsMilenage,
};
