import { DerError, readAt } from '@esim-rsp/codec';
import { makeUnprintable } from '../../crypto/secret.ts';
import { elementNames } from '../elements.ts';
import { type Algorithm, algorithms } from '../parameter-fields.ts';
import { ProfilePackageError } from '../read.ts';

/** What authenticates a subscription: the algorithm, K, and OPc (or TOPc). */
export type AkaKeys = { readonly algorithm: Algorithm; readonly k: Uint8Array; readonly opc: Uint8Array };

/**
 * Reads the authentication keys of an unprotected profile package: those of its first PE-AKAParameter (TCA Profile Interoperability 8.4).
 * undefined: it has none, or uses those of another application. The result has no printable form; throws a ProfilePackageError.
 */
export function readAkaKeys(upp: Uint8Array): AkaKeys | undefined {
  try {
    const parameter = algoParameterIn(upp);
    const [id, k, opc] = [0x80, 0x82, 0x83].map((tag) => parameter?.child(tag)?.content);
    const algorithm = (Object.keys(algorithms) as Algorithm[]).find((name) => algorithms[name] === id?.[0]);
    if (algorithm === undefined || k === undefined || opc === undefined) return undefined;
    return makeUnprintable('AkaKeys', { algorithm, k, opc });
  } catch (error) {
    if (error instanceof DerError)
      throw new ProfilePackageError(`the keys of the profile package cannot be read: ${error.message}`, {
        cause: error,
      });
    throw error;
  }
}

function algoParameterIn(upp: Uint8Array) {
  for (let offset = 0; offset < upp.length; ) {
    const element = readAt(upp, offset);
    if (elementNames[element.tag] === 'akaParameter') return element.child(0xa1)?.child(0xa1);
    offset = element.end;
  }
  return undefined;
}
