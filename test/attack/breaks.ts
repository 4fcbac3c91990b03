import type { Break } from './attack.ts';

/** Long work no longer takes turns. */
const endless = {
  file: 'packages/server/src/limits/turns.ts',
  from: 'endsAt = performance.now() + SLICE_MS;',
  to: 'endsAt = Infinity;',
};

/** For every attack at least one break of the source that it must notice (`npm run attack -- --prove`). */
export const breaks: readonly Break[] = [
  {
    attack: "a tenant gets the same answer for another's profile as for one that does not exist",
    file: 'packages/server/src/rest/profiles/getEUICCProfile.ts',
    from: 'throw noSuchProfile(params.iccid);',
    to: "throw Object.assign(noSuchProfile(params.iccid), await (store as never as { profile(iccid: string): Promise<object> }).profile(params.iccid) && { message: 'it belongs to another account' });",
  },
  {
    attack: 'every operation answers a tenant about the items of another as about unknown ones',
    file: 'packages/server/src/rest/webhooks/owned-webhook.ts',
    from: 'if (endpoint?.account !== account) throw noSuchWebhook(id);',
    to: 'if (endpoint === undefined) throw noSuchWebhook(id);',
  },
  {
    attack: 'every operation answers a tenant about the items of another as about unknown ones',
    file: 'packages/server/src/rest/profiles/owned-profile.ts',
    from: 'if (profile?.account !== account)',
    to: 'if (profile === undefined)',
  },
  {
    attack: 'every operation answers a tenant about the items of another as about unknown ones',
    file: 'packages/server/src/store/statements/logs/audit.ts',
    from: 'audit_target.account = ',
    to: "audit_target.account <> '' and '' <> ",
  },
  {
    attack: 'no operation takes the account, the kind or the target of its work from a query or a body',
    file: 'packages/server/src/rest/app.ts',
    from: 'querystring: query ?? NOTHING,',
    to: '...(query && { querystring: query }),',
  },
  {
    attack: 'the answers about a reserved range of ICCIDs do not show which of them exist',
    file: 'packages/smdp/src/stock/createProfile.ts',
    from: 'existing === undefined && !isReserved',
    to: 'existing === undefined && isReserved !== undefined',
  },
  {
    attack:
      'an account cannot search for the ICCIDs of others without being slowed down, alone or in an import',
    file: 'packages/server/src/rest/stock/import/outcomes.ts',
    from: 'availability(terms.account, async () => {',
    to: '((_account: string, work: () => never) => work())(terms.account, async () => {',
  },
  {
    attack:
      'an operator cannot search for the MatchingIDs of other accounts over ES2+ without being slowed down',
    file: 'packages/server/src/rsp/es2/answer.ts',
    from: 'await (choosesMatchingId(name, request) ?',
    to: 'await (name !== name ?',
  },
  {
    attack: 'an event stream has the events of its own account only, wherever it begins',
    file: 'packages/server/src/store/statements/logs/events.ts',
    from: 'if (account === undefined)',
    to: "if (account !== '')",
  },
  {
    attack: 'an eUICC that guesses codes has to wait, and its neighbours at the same address do not',
    file: 'packages/smdp/src/es9/authenticateClient.ts',
    from: 'env.requireCodeAttempt?.({ ...euicc, ciPKId: opened.euiccCiPKIdToBeUsed });',
    to: '',
  },
  {
    attack: 'an eUICC that guesses codes has to wait, and its neighbours at the same address do not',
    file: 'packages/server/src/limits/code-attempts.ts',
    from: 'const name = nameOf(euicc);',
    to: "const name = 'all eUICCs';",
  },
  {
    attack: 'eUICCs that anybody can create cannot guess more by having more EIDs',
    file: 'packages/server/src/limits/code-attempts.ts',
    from: 'take(addresses, limitNameOf(address), refuse.fromAddress);',
    to: '',
  },
  {
    attack: 'guesses at the same time do not exceed the limit',
    file: 'packages/server/src/limits/code-attempts.ts',
    from: 'taken.push([from, name]);',
    to: 'from.giveBack(name);',
  },
  {
    attack: 'a client cannot get around the limit of its address by what it or its proxy writes',
    file: 'packages/server/src/rest/frame/identify.ts',
    from: 'const address = limitNameOf(clientAddressOf(request.raw, limits.proxies));',
    to: 'const address = clientAddressOf(request.raw, limits.proxies);',
  },
  {
    attack: 'a client cannot get around the limit of its address by what it or its proxy writes',
    file: 'packages/server/src/limits/client-address.ts',
    from: 'const comma = rest.lastIndexOf',
    to: "const comma = rest.includes(',') ? -1 : rest.lastIndexOf",
  },
  {
    attack: 'a client that no trusted proxy stands for cannot say where it comes from',
    file: 'packages/server/src/limits/client-address.ts',
    from: 'if (forwarded === undefined || !proxies.has(address)) return address;',
    to: 'if (forwarded === undefined) return address;\n  return parseIpAddress(String(forwarded)) ?? address;',
  },
  {
    attack: 'a key without the permission codes gets no activation code from any operation that it may call',
    file: 'packages/server/src/rest/profiles/profile.ts',
    from: "return session !== undefined || !permissions.includes('codes');",
    to: 'return permissions.length === 0;',
  },
  {
    attack:
      'no key reads codes or OTA keys of a profile, or creates a key that could, without the permission',
    file: 'packages/server/src/rest/profiles/readEUICCProfileSecrets.ts',
    from: "const forAdmins: readonly Kind[] = ['adm1', 'ota_keys'];",
    to: "const forAdmins: readonly Kind[] = ['adm1'];",
  },
  {
    attack:
      'no key reads codes or OTA keys of a profile, or creates a key that could, without the permission',
    file: 'packages/server/src/rest/account/api-key.ts',
    from: 'if (lacking.length > 0)',
    to: 'if (lacking.length > 4)',
  },
  {
    attack: 'refused callers are in the audit log, and a flood of them adds a few entries a minute',
    file: 'packages/server/src/audit/refusals.ts',
    from: 'if (isFull) return;',
    to: '',
  },
  {
    attack: 'refused callers are in the audit log, and a flood of them adds a few entries a minute',
    file: 'packages/server/src/audit/refusals.ts',
    from: 'await store.addAuditEntry(entry);',
    to: '',
  },
  {
    attack: 'an event stream ends within seconds after its key is revoked, replaced or expired',
    file: 'packages/server/src/rest/frame/end-of-key.ts',
    from: 'const LOOK_FOR_KEY_MS = 1000;',
    to: 'const LOOK_FOR_KEY_MS = 1_000_000;',
  },
  {
    attack: 'TLS agrees on no weak version and no weak cipher suite',
    file: 'packages/server/src/rsp/tls-server.ts',
    from: "  'ECDHE-ECDSA-AES128-SHA256',\n",
    to: "  'ECDHE-ECDSA-AES128-SHA256',\n  'ECDHE-ECDSA-AES128-SHA',\n",
  },
  {
    attack: 'TLS agrees on no weak version and no weak cipher suite',
    file: 'packages/server/src/rsp/tls-server.ts',
    from: "  'ECDHE-ECDSA-AES128-SHA256',\n",
    to: '',
  },
  {
    attack: 'a client cannot make the server renegotiate TLS',
    file: 'packages/server/src/rsp/tls-server.ts',
    from: 'const secureOptions = constants.SSL_OP_NO_RENEGOTIATION;',
    to: 'const secureOptions = 0;',
  },
  {
    attack: 'an eUICC whose certificates are forged downloads nothing',
    file: 'packages/sgp22/src/crypto/ecdsa.ts',
    from: 'return point.length === 65 && point[0] === UNCOMPRESSED;',
    to: 'return point.length === 65;',
  },
  {
    attack: 'an eUICC whose certificates are forged downloads nothing',
    file: 'packages/sgp22/src/pki/euicc-chain.ts',
    from: 'return equal(issuerName.bytes, subject.bytes) || isSameName(issuerName.value, subject.value)',
    to: 'return issuerName !== subject',
  },
  {
    attack: 'an eUICC whose certificates are forged downloads nothing',
    file: 'packages/sgp22/src/pki/euicc-chain.ts',
    from: 'issuerFault(euicc, eum) ?? signatureFault(euicc, eumKey)',
    to: 'issuerFault(euicc, eum)',
  },
  {
    attack: 'a certificate that is not for TLS clients lets nobody call ES2+',
    file: 'packages/server/src/rsp/es2/client-chain.ts',
    from: " && hasKeyUsage(certificate, 'digitalSignature') === true",
    to: '',
  },
  {
    attack: 'nobody but a listed proxy can name a certificate in Client-Cert',
    file: 'packages/server/src/rsp/es2/client-certificate.ts',
    from: 'if (proxies?.has(peerAddressOf(socket)))',
    to: "if (headers['client-cert'] !== undefined)",
  },
  {
    attack: 'a proxy can name pinned certificates only',
    file: 'packages/server/src/rsp/es2/callers.ts',
    from: '!forwarded && isIssuedUnder(',
    to: 'isIssuedUnder(',
  },
  {
    attack: 'slow receivers of one tenant do not delay the webhooks of another',
    file: 'packages/server/src/delivery/slots.ts',
    from: 'if (account.workers >= limits.perAccount || total >= max) return undefined;',
    to: 'if (total >= Math.min(max, 64)) return undefined;',
  },
  {
    attack: 'host names of one tenant that never resolve do not delay the webhooks of another',
    file: 'packages/server/src/delivery/outbound/look-up.ts',
    from: 'addressesOf(host, hosts, () => askServers(host, servers, longestMs)).then(',
    to: `const work = async () => {
      const threads = globalThis as { busy?: number }; // four at a time, like the threads of the process
      while ((threads.busy ??= 0) >= 4) await new Promise((resolve) => setTimeout(resolve, 10));
      threads.busy++;
      return addressesOf(host, hosts, () => askServers(host, servers, longestMs)).finally(() => threads.busy && threads.busy--);
    };
    work().then(`,
  },
  {
    attack: 'a receiver gets the pause that it asks for, as a date too, and never more than an hour',
    file: 'packages/server/src/delivery/outbound/retry-after.ts',
    from: 'if (!HTTP_DATES.some((form) => form.test(text))) return undefined;',
    to: 'if (HTTP_DATES.length > 0) return undefined;',
  },
  {
    attack: 'a receiver gets the pause that it asks for, as a date too, and never more than an hour',
    file: 'packages/server/src/delivery/target-queue.ts',
    from: 'queue.closedUntil = Math.max(queue.closedUntil, asked);',
    to: '',
  },
  {
    attack: '20,000 sessions that are opened and left leave the database as it was',
    file: 'packages/smdp/src/es9/initiateAuthentication.ts',
    from: 'save: [],',
    to: "save: [{ session: { stage: 'initiated', transactionId: opened.transactionId, version: 0, expiresAt: opened.expiresAt, smdpCiPKId: ours.ciPKId } }],",
  },
  {
    attack: 'refused calls of one address fill a minute of the bounded log, and not the disk',
    file: 'packages/server/src/jobs/record-refused-calls.ts',
    from: 'const PER_MINUTE_AND_ADDRESS = 60;',
    to: 'const PER_MINUTE_AND_ADDRESS = 0;',
  },
  {
    attack: 'an answer that is sent many times at once opens one session',
    file: 'packages/smdp/src/es9/authenticateClient.ts',
    from: 'session === undefined ? env.transactions.find(request.transactionId, env.now) : undefined;',
    to: 'env.transactions.find(request.transactionId, env.now);',
  },
  {
    attack: 'an eUICC that was refused cannot try another order in the same session',
    file: 'packages/server/src/store/sqlite/sessions.ts',
    from: 'statements.insert(row) :',
    to: '(statements.insert(row) || true) :',
  },
  {
    attack: 'an eUICC that was refused cannot try another order in the same session',
    file: 'packages/smdp/src/es9/authenticateClient.ts',
    from: 'save: [...decision.save, refusedSession(proven, profiles[0])]',
    to: 'save: decision.save',
  },
  {
    attack: 'an answer to another transaction or to another server opens no session',
    file: 'packages/smdp/src/es9/transactions.ts',
    from: 'sameSecret(fromHex(found.transactionId), bytes)',
    to: 'bytes.length > 0',
  },
  {
    attack: 'an answer to another transaction or to another server opens no session',
    file: 'packages/smdp/src/es9/session.ts',
    from: 'return equal(fromHex(transactionId), signed);',
    to: 'return transactionId !== undefined && signed.length > 0;',
  },
  {
    attack:
      'under overload calls of ES9+ are refused with 503 and a status code, and the others are answered in time',
    file: 'packages/server/src/rsp/listener.ts',
    from: 'load.whenItsTurn(request, () => listen(request, response));',
    to: 'listen(request, response);',
  },
  {
    attack: 'under overload calls of the REST API are refused with 503, and the others are answered in time',
    file: 'packages/server/src/limits/rounds.ts',
    from: 'isAccepting = acceptedInRow <= CONNECTIONS_FIRST;',
    to: 'isAccepting = acceptedInRow < 0 && CONNECTIONS_FIRST > 0;',
  },
  {
    attack: 'under overload calls of the REST API are refused with 503, and the others are answered in time',
    file: 'packages/server/src/limits/load.ts',
    from: 'const MOST_LONG = 16;',
    to: 'const MOST_LONG = 16_000;',
  },
  {
    attack: 'one address cannot take all connections, and silent ones are closed',
    file: 'packages/server/src/limits/connections.ts',
    from: 'if (count >= limit) return false;',
    to: '',
  },
  {
    attack: 'one address cannot take all connections, and silent ones are closed',
    file: 'packages/server/src/rest/app.ts',
    from: 'headersTimeout: 10_000',
    to: 'headersTimeout: 60_000',
  },
  {
    attack: 'callers that read nothing of the answers to their imports lose their connections',
    file: 'packages/server/src/rest/frame/unread-answer.ts',
    from: 'const UNREAD_MS = 60_000;',
    to: 'const UNREAD_MS = 6_000_000;',
  },
  {
    attack: 'callers that read nothing of the answers to their imports lose their connections',
    file: 'packages/server/src/rest/stock/importEUICCProfiles.ts',
    from: "response.once('close', () => counts.set(account, (counts.get(account) ?? 1) - 1));",
    to: 'setImmediate(() => counts.set(account, (counts.get(account) ?? 1) - 1));',
  },
  {
    attack: 'idle connections do not keep new clients out',
    file: 'packages/server/src/limits/connections.ts',
    from: 'server.closeIdleConnections();',
    to: '',
  },
  {
    attack:
      'a reader of stderr that stalls stops neither the server nor its end, and the log says how much it lost',
    file: 'packages/server/src/process/log/start-log.ts',
    from: '{ write }',
    to: 'pino.destination({ dest: 2, sync: true })',
  },
  {
    attack:
      'a reader of stderr that stalls stops neither the server nor its end, and the log says how much it lost',
    file: 'packages/cli/src/commands/serve.ts',
    from: 'setTimeout(() => process.exit(), END_MILLISECONDS).unref();',
    to: '',
  },
  {
    attack:
      'a second server on the same data folder is refused with the process of the first, which continues to serve',
    file: 'packages/server/src/process/folder/lock.ts',
    from: '; begin exclusive',
    to: '',
  },
  {
    attack: 'a server that cannot write says so at /readyz, answers at /healthz, and recovers',
    file: 'packages/server/src/process/health/readiness.ts',
    from: 'reasonOf(store.tryWrite(),',
    to: 'reasonOf(Promise.resolve(),',
  },
  {
    attack: 'failed TLS handshakes are logged with their reason, and a flood of them does not fill the log',
    file: 'packages/server/src/rsp/handshake-log.ts',
    from: 'logged++ < PER_MINUTE',
    to: 'logged++ >= 0',
  },
  {
    attack: 'failed TLS handshakes are logged with their reason, and a flood of them does not fill the log',
    file: 'packages/server/src/process/es9.ts',
    from: "server.on('tlsClientError', createHandshakeLog(log, 'ES9+'));",
    to: '',
  },
  {
    attack: 'clients behind a proxy that passes TLS on are counted by the addresses that it announces',
    file: 'packages/server/src/limits/connections.ts',
    from: 'if (source !== undefined) announcePeer(socket, source);',
    to: '',
  },
  { attack: 'an import of bad rows does not delay other requests', ...endless },
  { attack: 'an import of blank lines does not delay other requests', ...endless },
  { attack: 'an import of very long lines does not delay other requests', ...endless },
  {
    attack: 'an import of a zip with many entries or of zip bombs does not delay other requests',
    ...endless,
  },
  {
    attack: 'deep JSON and deep DER do not delay other requests',
    file: 'packages/server/src/limits/bounded-json.ts',
    from: 'if (depth > DEEPEST || values > MOST_VALUES)',
    to: 'if (depth < 0)',
  },
  {
    attack: 'deep JSON and deep DER do not delay other requests',
    file: 'packages/sgp22/src/value/iccid.ts',
    from: "bytes.length > 10 ? '' : digitsIn(bytes)",
    to: 'digitsIn(bytes)',
  },
  {
    attack: 'lists of a large inventory do not delay other requests',
    file: 'packages/server/src/rest/profiles/listEUICCProfiles.ts',
    from: 'const HIGHEST_OFFSET = 10_000;',
    to: 'const HIGHEST_OFFSET = 100_000_000;',
  },
  {
    attack: 'exports of a large inventory do not delay other requests',
    file: 'packages/server/src/rest/profiles/exportEUICCProfiles.ts',
    from: "const text = page.profiles.map((profile) => write.line(profile)).join('');",
    to: "const lines = () => page.profiles.map((profile) => write.line(profile)).join('');\n    const text = Array.from({ length: 50 }, lines)[0];",
  },
  { attack: 'filters that find nothing in a large inventory do not delay other requests', ...endless },
  { attack: 'many followers of events do not delay other requests', ...endless },
  { attack: 'generating many subscriptions does not delay other requests', ...endless },
  {
    attack: 'orders from a template whose numbers are taken do not delay other requests',
    file: 'packages/smdp/src/stock/free-numbers.ts',
    from: 'const LOOKED_AT = 1024;',
    to: 'const LOOKED_AT = 1_024_000;',
  },
];
