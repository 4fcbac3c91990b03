import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { type Message, readMessage, writeMessage } from '@esim-rsp/sgp22/functions/binding';
import { type Es9Name, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import type { Es9Channel } from '../lpa/ports.ts';
import type { Change, LpaFault } from './fault.ts';

/** A channel that changes the requests of an LPA as the fault says. */
export function faultyEs9(es9: Es9Channel, fault: LpaFault, random: Random): Es9Channel {
  return {
    post: (address, path, body) => es9.post(address, path, faultyBody(fault, path, body, random)),
  };
}

type Body = Parameters<Es9Channel['post']>[2];

function faultyBody(fault: LpaFault, path: string, body: Body, random: Random): Body {
  const name = (Object.keys(es9plus) as Es9Name[]).find((known) => es9plus[known].path === path);
  const change = name === undefined ? undefined : (fault as Partial<Record<Es9Name, Change<unknown>>>)[name];
  if (name === undefined || change === undefined) return body;
  const request = es9plus[name].request as Message;
  return writeMessage(request, change(readMessage(request, body), random) as never);
}
