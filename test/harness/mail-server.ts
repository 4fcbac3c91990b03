import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail that a server has taken, as it came. */
export type ReceivedMail = {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly messageId: string;
  /** Whether it came over TLS, and who logged in. */
  readonly isSecure: boolean;
  readonly user: string | undefined;
};

/** How a server answers: an SMTP code with which it refuses, `hang` for no answer, `cut` for a connection that it destroys; absent: it accepts. */
export type MailAnswers = {
  login?: number;
  sender?: number;
  recipient?: number | ((address: string) => number | undefined);
  /** After the message has arrived. */
  message?: number | 'hang' | 'cut';
};

/** A real SMTP server on this machine. */
export type MailServer = AsyncDisposable & {
  readonly port: number;
  readonly received: ReceivedMail[];
  readonly answers: MailAnswers;
  /** The authority that issued its certificate, in PEM. */
  readonly ca: string;
};

export const LOGIN = { user: 'esim', password: 'p@ss/word' } as const;

/** `host`: the name in its certificate. `options`: of the library; by default there is STARTTLS, and a login is possible but not needed. */
export async function startMailServer(
  options: SMTPServerOptions = {},
  host = 'localhost',
): Promise<MailServer> {
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  const { ci, dpTls } = makeTestPki({ ...env, curve: 'P-256', hosts: [host] });
  const received: ReceivedMail[] = [];
  const answers: MailAnswers = {};
  const refusal = (code: number | undefined, message: string) =>
    code === undefined ? null : Object.assign(new Error(message), { responseCode: code });
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    cert: certificatePem(dpTls.certificate),
    key: dpTls.key.exportPem(),
    authOptional: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) => {
      const isRight = username === LOGIN.user && password === LOGIN.password;
      const error = refusal(answers.login ?? (isRight ? undefined : 535), 'authentication failed');
      done(error, error === null ? { user: username } : undefined);
    },
    onMailFrom: ({ address }, _session, done) =>
      done(refusal(answers.sender, `${address} may not send from here`)),
    onRcptTo: ({ address }, _session, done) => {
      const { recipient } = answers;
      const code = typeof recipient === 'function' ? recipient(address) : recipient;
      done(refusal(code, `${address} is not known`));
    },
    onData: async (stream, session, done) => {
      const raw = await text(stream);
      const { mailFrom, rcptTo } = session.envelope;
      const [, messageId = ''] = /^Message-ID: (.*)$/im.exec(raw) ?? [];
      received.push({
        from: mailFrom === false ? '' : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        raw,
        messageId: messageId.trim(),
        isSecure: session.secure,
        user: session.user === undefined ? undefined : String(session.user),
      });
      if (answers.message === 'hang') return;
      if (answers.message === 'cut') {
        for (const socket of sockets) socket.destroy();
        return;
      }
      done(refusal(answers.message, `the message with ${raw.slice(-200)} is refused`));
    },
    ...options,
  });
  server.on('error', () => undefined); // a connection that a test breaks
  server.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return {
    port: (listening.address() as AddressInfo).port,
    received,
    answers,
    ca: certificatePem(ci.certificate),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
