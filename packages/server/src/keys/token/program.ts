import type { TokenFault, TokenReply, TokenRequest } from './messages.ts';
import { FaultError } from './module.ts';
import { createSession } from './session.ts';

/**
 * The process that uses a PKCS#11 module. The module is foreign code: it may block, crash, or keep a session that is dead, and then this process
 * is killed and started again, while the server continues.
 */
const session = createSession();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined); // its parent ends it
process.on('disconnect', () => process.exit());
process.on('message', async ({ number, call, request }: TokenRequest) => {
  try {
    const answer = session[call] as (request: unknown) => unknown;
    send({ number, reply: await answer(request) });
  } catch (error) {
    send({ number, fault: faultOf(error) });
  }
});

function send(reply: TokenReply): void {
  if (process.connected) process.send?.(reply);
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof FaultError) return error.fault;
  return { kind: 'lost', text: `the process of the token failed: ${(error as Error).message}` };
}
