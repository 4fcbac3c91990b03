/**
 * A thread of callers that send the same request again and again, each when its answer has come and a pause is over. Posts their answers
 * when the time is over.
 */

import { connect, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { Called, Callers } from './callers.ts';
import { between, momentOf } from './moments.ts';

const { pid, port, request, count, pauseMs, seconds, onNewConnections } = workerData as Callers;
const HEAD_END = '\r\n\r\n';
const until = performance.now() + seconds * 1000;
const answers: Called[] = [];
let broken = 0;

for (let i = 0; i < count; i++) call(undefined);
setTimeout(() => parentPort?.postMessage({ answers, broken }), seconds * 1000 + 500);

function call(open: Socket | undefined): void {
  if (performance.now() > until) return void open?.destroy();
  const sent = momentOf(pid);
  const socket = open ?? connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1');
  let text = '';
  const onData = (piece: string) => {
    text += piece;
    const answer = wholeAnswer(text);
    if (answer === undefined) return;
    answers.push({ ...answer, ms: between(sent, momentOf(pid)) });
    const stays = !onNewConnections && !/^connection: close/im.test(text);
    end(stays ? socket : undefined);
  };
  const onGone = () => {
    broken++;
    end(undefined);
  };
  const end = (left: Socket | undefined) => {
    socket.off('data', onData).off('close', onGone);
    if (left === undefined) socket.destroy();
    setTimeout(call, pauseMs, left);
  };
  if (open === undefined) socket.on('error', () => undefined);
  socket.on('data', onData).on('close', onGone);
  socket.write(request);
}

function wholeAnswer(text: string): Omit<Called, 'ms'> | undefined {
  const head = text.indexOf(HEAD_END);
  const length = Number(/^content-length: (\d+)/im.exec(text)?.[1]);
  if (head < 0 || text.length < head + HEAD_END.length + length) return undefined;
  const status = Number(text.slice(9, 12));
  return status === 200 ? { status, text: '' } : { status, text };
}
