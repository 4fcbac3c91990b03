import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { BSON } from 'mongodb';

type Command = Readonly<Record<string, unknown>>;

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER = 16;

/**
 * A server of the wire protocol of MongoDB, which answers what a driver asks at its start, and hands every other command to the test. It keeps
 * nothing: what it shows is what the driver sends.
 */
export async function mongoServer(answer: (command: Command) => object) {
  const commands: Command[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    let waiting = Buffer.alloc(0);
    socket.on('data', (piece: Buffer) => {
      waiting = Buffer.concat([waiting, piece]);
      while (waiting.length >= 4 && waiting.length >= waiting.readInt32LE()) {
        const message = waiting.subarray(0, waiting.readInt32LE());
        waiting = waiting.subarray(message.length);
        socket.write(replyTo(message, reply));
      }
    });
  }).listen(0, '127.0.0.1');
  const reply = (command: Command): object => {
    if ('hello' in command || 'ismaster' in command || 'isMaster' in command) return greeting;
    if ('endSessions' in command) return { ok: 1 };
    commands.push(command);
    return answer(command);
  };
  await once(server, 'listening');
  return {
    url: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}`,
    commands,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const greeting = {
  ...{ ok: 1, ismaster: true, isWritablePrimary: true, helloOk: true },
  ...{ minWireVersion: 0, maxWireVersion: 21, maxBsonObjectSize: 16_777_216 },
  ...{ maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000, readOnly: false },
};

function replyTo(message: Buffer, reply: (command: Command) => object): Buffer {
  const [id, code] = [message.readInt32LE(4), message.readInt32LE(12)];
  if (code === OP_QUERY) {
    const name = message.indexOf(0, HEADER + 4) + 1;
    const document = BSON.serialize(reply(BSON.deserialize(message.subarray(name + 8))));
    const counts = Buffer.alloc(20);
    counts.writeInt32LE(8, 0);
    counts.writeInt32LE(1, 16);
    return framed(id, OP_REPLY, [counts, Buffer.from(document)]);
  }
  assert.equal(code, OP_MSG);
  const document = Buffer.from(BSON.serialize(reply(commandIn(message.subarray(HEADER + 4)))));
  return framed(id, OP_MSG, [Buffer.alloc(4), Buffer.of(0), document]);
}

/** The sections of OP_MSG: a document, and sequences of documents that belong to one of its members. */
function commandIn(sections: Buffer): Command {
  const command: Record<string, unknown> = {};
  for (let at = 0; at < sections.length; ) {
    const length = sections.readInt32LE(at + 1);
    const section = sections.subarray(at + 1, at + 1 + length);
    if (sections[at] === 0) Object.assign(command, BSON.deserialize(section, { promoteLongs: false }));
    else {
      const end = section.indexOf(0, 4);
      const documents: object[] = [];
      for (let from = end + 1; from < section.length; from += section.readInt32LE(from))
        documents.push(
          BSON.deserialize(section.subarray(from, from + section.readInt32LE(from)), { promoteLongs: false }),
        );
      command[section.toString('utf8', 4, end)] = documents;
    }
    at += 1 + length;
  }
  return command;
}

function framed(answers: number, code: number, parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const header = Buffer.alloc(HEADER);
  header.writeInt32LE(HEADER + content.length, 0);
  header.writeInt32LE(answers, 8);
  header.writeInt32LE(code, 12);
  return Buffer.concat([header, content]);
}
