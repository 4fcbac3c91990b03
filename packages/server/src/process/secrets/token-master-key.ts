import { hash } from 'node:crypto';
import { toHex } from '@esim-rsp/codec';
import type { KeyUri } from '../../keys/token/key-uri.ts';
import { TokenError } from '../../keys/token/process.ts';
import { createToken, type Token, type TokenSettings, tokenOf } from '../../keys/token/token.ts';
import type { MasterKey, MasterKeySource } from '../../store/ports/secrets/master-key.ts';
import { StoreError } from '../../store/ports/store-error.ts';
import { frameSealed, unframeSealed } from '../../store/sealing/sealed-value.ts';

/** The process of the token ends when the master key was not needed for this time: it is needed at the start, and for new data keys. */
const REST_MS = 2000;

/** A token either has the key, or reading it fails. */
type TokenSource = Omit<MasterKeySource, 'read'> & { read(): Promise<MasterKey> };

/** A master key in a PKCS#11 token, which wraps and unwraps there (CKM_AES_GCM). Rejects with a StoreError that says what to do. */
export function tokenSource(uri: KeyUri, settings: TokenSettings): TokenSource {
  const { object, id } = uri;
  const which = { ...(object !== undefined && { object }), ...(id !== undefined && { id }) };
  const place = `the token '${uri.token ?? uri.serial}'`;
  const token = createToken({ ...settings, sessions: 1, ...tokenOf(uri), ...pinOf(uri, settings) });
  let timer: NodeJS.Timeout | undefined;
  const use = async <T>(ask: (open: Token) => Promise<T>): Promise<T> => {
    clearTimeout(timer);
    try {
      return await ask(token);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      throw new StoreError(`the master key in ${place} cannot be used: ${error.message}`, { cause: error });
    } finally {
      clearTimeout(timer);
      timer = setTimeout(token.rest, REST_MS).unref();
    }
  };
  const master: Omit<MasterKey, 'id'> = {
    wrap: async (where, text) =>
      frameSealed(
        0,
        await use((open) => open.call('encrypt', { ...which, text, associated: Buffer.from(where) })),
      ),
    unwrap: async (where, wrapped) => {
      const encrypted = unframeSealed(wrapped);
      return await use((open) =>
        open.call('decrypt', { ...which, encrypted, associated: Buffer.from(where) }),
      );
    },
  };
  return {
    place,
    read: async () => {
      const found = await use((open) => open.call('findSecret', which));
      return { ...master, id: masterKeyIdOf(found.id) };
    },
  };
}

/** Where the key is in a token, its id in the token is its id here. */
function masterKeyIdOf(id: Uint8Array): string {
  return id.length === 8 ? toHex(id) : hash('sha256', id, 'hex').slice(0, 16);
}

function pinOf({ pinFile }: KeyUri, settings: TokenSettings): Pick<TokenSettings, 'pinFile'> {
  const file = pinFile ?? settings.pinFile;
  return file === undefined ? {} : { pinFile: file };
}
