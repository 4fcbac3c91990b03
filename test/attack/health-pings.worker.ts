/**
 * A thread of its own, so that the work of an attack does not delay it: asks for the server's health every 10 ms over a few
 * connections, whether or not earlier answers have come, and posts the longest answer of each measurement.
 */

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { between, type Moment, momentOf } from './moments.ts';

const EVERY_MS = 10;
const CONNECTIONS = 10;
const { url, pid } = workerData as { readonly url: string; readonly pid: number };
const { host, hostname, port } = new URL(url);
const request = `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
const STATUS = /HTTP\/1\.1 (\d{3})/g;

let longest = 0;
let failure: string | undefined;

const connections = Array.from({ length: CONNECTIONS }, () => {
  const socket = connect(Number(port), hostname).setNoDelay().setEncoding('latin1');
  const waiting: Moment[] = [];
  socket.on('data', (text: string) => {
    for (const [, status] of text.matchAll(STATUS)) {
      longest = Math.max(longest, between(waiting.shift() as Moment, momentOf(pid)));
      if (status !== '200') failure = `a health request got ${status}`;
    }
  });
  socket.on('error', ({ message }) => {
    failure = message;
  });
  return { socket, waiting };
});

let turn = 0;
let dueAt = performance.now();
setInterval(() => {
  // A timer that fires late sends what it owes: the rate stays the same
  for (const time = performance.now(); dueAt <= time; dueAt += EVERY_MS) {
    const { socket, waiting } = connections[turn++ % CONNECTIONS] as (typeof connections)[0];
    waiting.push(momentOf(pid));
    socket.write(request);
  }
}, EVERY_MS);

assert.ok(parentPort);
const parent = parentPort;
/** Ends a measurement and begins the next. Requests that still wait count as long as they have waited. */
parent.on('message', () => {
  const moment = momentOf(pid);
  for (const { waiting } of connections)
    if (waiting[0] !== undefined) longest = Math.max(longest, between(waiting[0], moment));
  parent.postMessage({ longest, failure });
  longest = 0;
});
