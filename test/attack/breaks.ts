import type { Break } from './attack.ts';

/** For every attack at least one break of the source that it must notice (`npm run attack -- --prove`). */
export const breaks: readonly Break[] = [
  {
    attack: "a tenant gets the same answer for another's profile as for one that does not exist",
    file: 'packages/server/src/rest/profiles/getEUICCProfile.ts',
    from: 'throw noSuchProfile(params.iccid);',
    to: "throw Object.assign(noSuchProfile(params.iccid), await (store as never as { profile(iccid: string): Promise<object> }).profile(params.iccid) && { message: 'it belongs to another account' });",
  },
  {
    attack: 'an eUICC that guesses codes has to wait, and its neighbours at the same address do not',
    file: 'packages/smdp/src/es9/authenticateClient.ts',
    from: 'env.requireCodeAttempt?.({ ...proven, ciPKId: session.euiccCiPKIdToBeUsed });',
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
    from: 'if (forwarded === undefined || !proxies.includes(address)) return address;',
    to: 'if (forwarded === undefined) return address;\n  return parseIpAddress(String(forwarded)) ?? address;',
  },
  {
    attack: 'a key without the permission codes gets no activation code from any operation that it may call',
    file: 'packages/server/src/rest/profiles/profile.ts',
    from: "const hidden = !permissions.includes('codes');",
    to: 'const hidden = permissions.length === 0;',
  },
  {
    attack: 'an event stream ends within seconds after its key is revoked, replaced or expired',
    file: 'packages/server/src/rest/events/stream-events.ts',
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
    from: 'if (!isUncompressed(spki, curveOf(key)))',
    to: 'if (spki.length < 65)',
  },
  {
    attack: 'an eUICC whose certificates are forged downloads nothing',
    file: 'packages/sgp22/src/pki/euicc-chain.ts',
    from: 'return isSameName(issuerName.value, subject.value)',
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
    from: "hasKeyUsage(certificate, 'digitalSignature') &&",
    to: '',
  },
  {
    attack: 'nobody but a listed proxy can name a certificate in Client-Cert',
    file: 'packages/server/src/rsp/es2/client-certificate.ts',
    from: "if (proxies?.has(socket.remoteAddress ?? ''))",
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
    from: 'if (account.workers >= MAX_PER_ACCOUNT || total >= max) return undefined;',
    to: 'if (total >= Math.min(max, 64)) return undefined;',
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
];
