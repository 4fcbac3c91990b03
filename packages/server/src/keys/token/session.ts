import { equal } from '@esim-rsp/codec';
import { type FoundPair, findKey, generate, listKeys } from './key-pairs.ts';
import type { TokenCall, TokenCalls } from './messages.ts';
import {
  FaultError,
  type Handle,
  listTokens,
  loadModule,
  loadPkcs11,
  lost,
  type Opened,
  openToken,
} from './module.ts';
import { describeKey } from './objects.ts';
import { decrypt, encrypt, findSecretKey, generateSecretKey } from './secret-keys.ts';

type Session = {
  readonly [K in TokenCall]: (
    request: TokenCalls[K]['request'],
  ) => TokenCalls[K]['reply'] | Promise<TokenCalls[K]['reply']>;
};

/** The calls of one token. */
export function createSession(): Session {
  let opened: Opened | undefined;
  let signer: Session['sign'] | undefined;
  const use = () => {
    if (opened === undefined) throw new FaultError('lost', 'the token is not open');
    return opened;
  };
  return {
    list: async ({ modulePath }) => {
      const pkcs11 = await loadPkcs11();
      return listTokens(loadModule(pkcs11, modulePath)).map(({ summary }) => summary);
    },
    open: async (request) => {
      opened = openToken(await loadPkcs11(), request);
      signer = createSigner(opened);
      return { label: opened.label, serial: opened.serial };
    },
    keys: () => listKeys(use()),
    find: (which) => findKey(use(), which).publicPart,
    sign: (request) => {
      use();
      return (signer as Session['sign'])(request);
    },
    generate: (request) => generate(use(), request),
    findSecret: (which) => {
      const { key: _handle, ...summary } = findSecretKey(use(), which);
      return summary;
    },
    generateSecret: (request) => generateSecretKey(use(), request),
    encrypt: (request) => encrypt(use(), request),
    decrypt: (request) => decrypt(use(), request),
  };
}

/** Signs with the sessions of the token. A key is looked up once. */
function createSigner(opened: Opened): Session['sign'] {
  const { module, pkcs11, label, idle } = opened;
  const waiting: ((session: Handle) => void)[] = [];
  const found = new Map<string, FoundPair>();
  const takeSession = (): Handle | Promise<Handle> =>
    idle.pop() ?? new Promise((resolve) => waiting.push(resolve));
  const returnSession = (session: Handle) => {
    const next = waiting.shift();
    if (next === undefined) idle.push(session);
    else next(session);
  };
  return async ({ point, digest, ...which }) => {
    const name = describeKey(which);
    const { key, publicPart } = found.get(name) ?? findKey(opened, which);
    if (!equal(point, publicPart.point))
      throw new FaultError('setting', `the token '${label}' has another key with ${name} than at the start`);
    found.set(name, { key, publicPart });
    const session = await takeSession();
    try {
      module.C_SignInit(session, { mechanism: pkcs11.CKM_ECDSA }, key);
      return Uint8Array.from(await module.C_SignAsync(session, Buffer.from(digest), Buffer.alloc(64)));
    } catch (error) {
      throw lost(`the token '${label}' does not sign`, error);
    } finally {
      returnSession(session);
    }
  };
}
