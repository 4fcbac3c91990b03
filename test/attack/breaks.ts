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
];
