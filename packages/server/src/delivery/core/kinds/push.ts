import { createHash } from 'node:crypto';
import type { CoreNetwork } from '../../../store/ports/gateway/core-networks.ts';
import { parseSecret } from '../../../store/ports/webhook-secret.ts';
import { describeFailure, postAndRead } from '../../outbound/post.ts';
import { signedHeaders } from '../../webhooks/sign.ts';
import { CoreError } from '../core-error.ts';
import { CORE_TIMEOUT_MS, type CoreCall, type CoreKindClient } from '../core-kind.ts';
import { mustAnswer } from '../http.ts';
import type { Subscription } from '../subscription.ts';

/** The message that a subscription is to be added, or made as it says. */
export function addMessage({ iccid, imsi, msisdn, algorithm, k, opc }: Subscription, core: CoreNetwork) {
  const { amf, sqn, apn, sst, sd, ambrDownlinkMbps, ambrUplinkMbps } = core.settings.terms;
  return {
    type: 'subscription.add',
    data: {
      ...{ iccid, imsi, ...(msisdn !== undefined && { msisdn }) },
      ...{ algorithm, ki: k, opc, amf, sqn, apn },
      ...{ sst, ...(sd !== undefined && { sd }) },
      ...{ ambr_downlink_mbps: ambrDownlinkMbps, ambr_uplink_mbps: ambrUplinkMbps },
    },
  };
}

export function removeMessage(imsi: string) {
  return { type: 'subscription.remove', data: { imsi } };
}

/** A message for a receiver of one's own, signed as webhooks are (Standard Webhooks 1.0). */
export const push: CoreKindClient = {
  put: (call, subscription) => send(call, subscription.imsi, addMessage(subscription, call.core)),
  remove: (call, imsi) => send(call, imsi, removeMessage(imsi)),
};

async function send(call: CoreCall, imsi: string, message: { readonly type: string }): Promise<void> {
  const { core, allowPrivate, lookUp, signal } = call;
  const { credentials, settings } = core;
  const body = JSON.stringify(message);
  const timestamp = Math.floor(Date.now() / 1000);
  const id = messageIdOf(call.messageId, message.type, imsi);
  const secret = parseSecret(credentials.secret ?? '');
  try {
    const { status, retryAfter } = await postAndRead(
      {
        url: new URL(core.url),
        headers: {
          'content-type': 'application/json',
          ...signedHeaders({ id, timestamp, body }, { secret }),
        },
        body,
        ...{ allowPrivate, lookUp, signal, timeoutMs: CORE_TIMEOUT_MS },
        ...(settings.ca !== undefined && { tls: { ca: settings.ca } }),
      },
      1024,
    );
    const isGood = status >= 200 && status < 300;
    const answer = { status, json: undefined, ...(retryAfter !== undefined && { retryAfter }) };
    mustAnswer(answer, isGood ? [status] : [], 'the receiver did not take the message');
  } catch (error) {
    throw error instanceof CoreError ? error : new CoreError(describeFailure(error));
  }
}

/** One delivery can have several messages; the IMSI is personal, so headers have a hash. */
function messageIdOf(delivery: string, type: string, imsi: string): string {
  const hash = createHash('sha256').update(`${delivery} ${type} ${imsi}`).digest('hex');
  return `${delivery}_${hash.slice(0, 16)}`;
}
