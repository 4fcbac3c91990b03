import type { Break } from './fault.ts';

const killed = 'a server that is killed at any moment loses nothing that it has answered';
const powerCut = 'a power cut takes what was not synced to the disk, and nothing that was answered';
const simulation =
  'whatever the order of calls, crashes and lost messages, the SM-DP+ keeps its promises (simulation)';

const clock =
  'when the clock of the server is set, forward or back, nothing is lost and every event is delivered';
const disk = 'a full disk refuses changes, loses none, and the server continues when there is space again';
const database =
  'when the database restarts, is slow or loses connections, nothing is lost, and the server continues by itself';
const replaced =
  'when a replica takes the place of a primary that was killed, nothing is lost, and the server continues by itself';
const receivers =
  'receivers that hang, refuse or answer garbage get every event when they answer again, and keep none from others';
const gateway =
  'orders at other SM-DP+ whose calls fail end exactly once, or are listed as unknown with the reason';

/** For every kind of fault at least one break of the source that it must notice (`npm run faults -- --prove`). */
export const breaks: readonly Break[] = [
  {
    name: 'a call is answered before its changes are stored',
    finding: /^lost: \d+ is NONE instead of AVAILABLE/,
    fault: killed,
    file: 'packages/smdp/src/run.ts',
    from: "decision.save.length === 0 ? 'saved' : await store.save(decision.save);",
    to: "decision.save.length === 0 ? 'saved' : (setTimeout(() => void store.save(decision.save), 20), 'saved' as const);",
  },
  {
    name: 'the changes of a save are stored one after the other',
    finding: /the history of \d+ (has a gap|ends with)|has no content/,
    fault: killed,
    engine: 'sqlite',
    file: 'packages/server/src/store/sqlite/changes.ts',
    from: `return {
    save: (changes, request) => write((carefully) => save(changes, request, carefully), changes.length),
  };`,
    to: `const some = (changes: readonly Change[]) => write((carefully) => save(changes, undefined, carefully), changes.length);
  return {
    save: async (changes) => {
      const first = await some(changes.slice(0, 1));
      return first === 'saved' && changes.length > 1 ? some(changes.slice(1)) : first;
    },
  };`,
  },
  {
    name: 'the changes of a save are stored in PostgreSQL one after the other',
    finding: /the history of \d+ (has a gap|ends with)|has no content/,
    fault: killed,
    engine: 'postgres',
    file: 'packages/server/src/store/postgres/changes.ts',
    from: 'await write([...changes.flatMap(callsOf), ...recordWork(request, workIn(changes))]);',
    to: 'for (const call of changes.flatMap(callsOf)) await write([call]);',
  },
  {
    name: 'the work of a request with an Idempotency-Key does not say that it is done',
    finding: /^violation: nobody has created the profile 8949\d+/,
    fault: killed,
    file: 'packages/server/src/rest/frame/idempotency/store-of-request.ts',
    from: 'save: (changes) => store.save(changes, request),',
    to: 'save: (changes) => store.save(changes),',
  },
  {
    name: 'a delivery counts as delivered before it is sent',
    finding: /^lost: the event \d+ .* was not delivered/,
    fault: killed,
    file: 'packages/server/src/delivery/deliver.ts',
    from: 'const outcome = await sendTraced(loop, channel, message);',
    to: `await store.settleDelivery(delivery, { state: 'delivered', nextAttemptAt: Date.now() });
  const outcome = await sendTraced(loop, channel, message);`,
  },
  {
    name: 'PostgreSQL answers a commit before its log is written (synchronous_commit = off)',
    finding: /^lost: \d+ is /,
    fault: database,
    file: 'packages/server/src/store/postgres/connection/host-pools.ts',
    from: "SERVER_KEEP_ALIVE = '-c tcp",
    to: "SERVER_KEEP_ALIVE = '-c synchronous_commit=off -c tcp",
  },
  {
    name: 'a save that PostgreSQL did not answer counts as saved',
    finding: /^lost: \d+ is NONE instead of AVAILABLE/,
    fault: database,
    file: 'packages/server/src/store/postgres/changes.ts',
    from: "return 'stale';\n      throw error;",
    to: "return 'stale';\n      return 'saved';",
  },
  {
    name: 'connections that were lost stay in the pool',
    finding: /^violation: (it could not continue|a call failed without a fault)/,
    fault: database,
    file: 'packages/server/src/store/postgres/connection/pool.ts',
    from: 'hosts.release(client, isConnectionLost(error));',
    to: 'if (!isConnectionLost(error)) hosts.release(client);',
  },
  {
    name: 'PostgreSQL answers a commit before the replica has it (synchronous_commit = off)',
    finding: /^lost: \d+ is /,
    fault: replaced,
    file: 'packages/server/src/store/postgres/connection/host-pools.ts',
    from: "SERVER_KEEP_ALIVE = '-c tcp",
    to: "SERVER_KEEP_ALIVE = '-c synchronous_commit=off -c tcp",
  },
  {
    name: 'the server does not look for the primary at the other addresses',
    finding: /^violation: (it could not continue|a call failed without a fault)/,
    fault: replaced,
    file: 'packages/server/src/store/postgres/connection/host-pools.ts',
    from: 'if (current === tried && !isPoolFull(error)) current = (tried + 1) % urls.length;',
    to: '',
  },
  {
    name: 'callers do not wait until their changes are synced to the disk',
    finding: /^lost: \d+ is /,
    fault: powerCut,
    file: 'packages/server/src/store/sqlite/connection/durability.ts',
    from: 'else if (durable === committed) settle();',
    to: 'else if (durable <= committed) settle();',
  },
  {
    name: 'readers do not wait until what they have read is synced to the disk',
    finding: /^lost: somebody knows of the event \d+, and it is gone/,
    fault: powerCut,
    file: 'packages/server/src/store/sqlite/connection/group-commit.ts',
    from: '...readsThat(durability.whenDurable),',
    to: '...readsThat((settle) => settle()),',
  },
  {
    name: 'the log is copied into the database without a sync (synchronous = off)',
    finding: /^violation: |^lost: /,
    fault: powerCut,
    file: 'packages/server/src/store/sqlite/connection/file.ts',
    from: "'synchronous = normal'",
    to: "'synchronous = off'",
  },
  {
    name: 'a save that came too late counts as saved',
    finding: /was answered, and is not in the history/,
    fault: simulation,
    file: 'packages/smdp/src/run.ts',
    from: "if (saved === 'stale') continue;",
    to: '',
  },
  {
    name: 'a package is handed out although another eUICC has it',
    finding: /is on two eUICCs/,
    fault: simulation,
    file: 'packages/smdp/src/es9/getBoundProfilePackage.ts',
    from: 'profile.binding === undefined || profile.binding.eid === eid,',
    to: "eid !== '',",
  },
  {
    name: 'an order can be cancelled while its package is on the way',
    finding: /led from DOWNLOADED to/,
    fault: simulation,
    file: 'packages/smdp/src/state/allowed.ts',
    from: "DOWNLOADED: ['re-release'],",
    to: "DOWNLOADED: ['re-release', 'cancel'],",
  },
  {
    name: 'a session that handed out no package puts the order back whose package another session has handed out',
    finding: /on \d+, but (AVAILABLE|UNAVAILABLE|gone)|is on two eUICCs/,
    fault: simulation,
    file: 'packages/smdp/src/es9/cancelSession.ts',
    from: 'isDecidedElsewhere(profile, session) || mayTry',
    to: 'mayTry',
  },
  {
    name: 'a check is recorded although the profile has changed meanwhile',
    finding: /the history of \d+ has a gap: .* comes download\./,
    fault: simulation,
    file: 'packages/smdp/src/state/change.ts',
    from: 'return [{ unchanged: to }, recordEvent(type, { to, ...facts }, cause)];',
    to: 'return [recordEvent(type, { to, ...facts }, cause)];',
  },
  {
    name: 'late reports of a device count',
    finding: /led from \w+ to INSTALLED|on its eUICC|but DELETED/,
    fault: simulation,
    file: 'packages/smdp/src/es9/handleNotification.ts',
    from: 'if (isLate(before, state, seqNumber) || (earlier !== undefined && seqNumber <= earlier.lastSeqNumber))',
    to: 'if (earlier === null)',
  },
  {
    name: 'deliveries wait until a clock that was set back is as late as before',
    finding: /^lost: the event \d+ .* was not delivered/,
    fault: clock,
    file: 'packages/server/src/delivery/deliver.ts',
    from: 'isEarlier = wasSetBack() || isEarlier;',
    to: 'isEarlier = false;',
  },
  {
    name: 'events are sent whose time is later than that of the webhook',
    finding: /^lost: the event \d+ .* was not delivered/,
    fault: clock,
    file: 'packages/server/src/delivery/channel.ts',
    from: 'begin.after === undefined ?',
    to: 'begin.after !== null ?',
  },
  {
    name: 'a write that failed counts as written',
    finding: /^lost: \d+ is NONE instead of/,
    fault: disk,
    file: 'packages/server/src/store/sqlite/connection/group-commit.ts',
    from: 'for (const { fail } of failed) fail(explainFailure(error));',
    to: 'for (const { settle } of failed) settle();',
  },
  {
    name: 'a delivery that was refused is not repeated',
    finding: /^lost: the event \d+ .* was not delivered/,
    fault: receivers,
    file: 'packages/server/src/delivery/settle.ts',
    from: "next > createdAt + GIVE_UP_AFTER_MS ? 'failed' : 'pending'",
    to: "next > createdAt ? 'failed' : 'pending'",
  },
  {
    name: 'any answer counts as an acceptance',
    finding: /^lost: the event \d+ .* was not delivered/,
    fault: receivers,
    file: 'packages/server/src/delivery/webhooks/send.ts',
    from: 'if (status >= 200 && status < 300)',
    to: 'if (status >= 200)',
  },
  {
    name: 'any answer of an operator counts as an acceptance',
    finding: /^lost: the event \d+ .* was not delivered to the operator/,
    fault: receivers,
    file: 'packages/server/src/delivery/es2/channel.ts',
    from: 'if (status >= 200 && status < 300)',
    to: 'if (status >= 200)',
  },
  {
    name: 'the deliveries of a profile are not sent in order',
    finding: /came after one of a later event/,
    fault: receivers,
    file: 'packages/server/src/store/statements/outbox.ts',
    from: 'id = (select head.id $',
    to: '1 = 1 or id = (select head.id $',
  },
  {
    name: 'a call to an upstream without an answer counts as not done',
    finding: /^violation: the \w+ of \d+ is refused by (forgetful|reporting)/,
    fault: gateway,
    file: 'packages/server/src/delivery/upstream/outcome.ts',
    from: "kind: wasSent && !isRefused ? 'unknown' : 'notSent'",
    to: "kind: 'notSent'",
  },
  {
    name: 'a call to an upstream whose outcome is not known counts as not sent when it is made again',
    finding: /^violation: the \w+ of \d+ is refused by (forgetful|reporting)/,
    fault: gateway,
    file: 'packages/server/src/store/statements/gateway/operations.ts',
    from: "state = case state when 'waiting' then 'sent' else 'unknown' end",
    to: "state = 'sent'",
  },
  {
    name: 'a call that is made again has another functionCallIdentifier',
    finding: /^violation: \d+ needed \d calls, and they have \d identifiers/,
    fault: gateway,
    file: 'packages/server/src/delivery/upstream/operation-call.ts',
    from: 'functionCallIdentifier: functionCallIdentifierOf(operation)',
    to: "functionCallIdentifier: functionCallIdentifierOf(operation) + '-' + operation.attempts",
  },
  {
    name: 'the end of an operation is saved without the state of its profile',
    finding: /^lost: \d+ is |^violation: the \w+ of \d+ is /,
    fault: gateway,
    file: 'packages/smdp/src/gateway/endCall.ts',
    from: 'save: [...save, { operation }]',
    to: 'save: [{ operation }]',
  },
  {
    name: 'a repeated call that the upstream has done already counts as refused',
    finding: /^violation: the \w+ of \d+ is refused by forgetful/,
    fault: gateway,
    file: 'packages/smdp/src/gateway/endCall.ts',
    from: "return state === 'unknown' && subjectCode",
    to: "return state === 'done' && subjectCode",
  },
];
