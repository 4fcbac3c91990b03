import { concat, DerError, readOne, type Tlv } from '@esim-rsp/codec';
import { MAC_LENGTH } from '@esim-rsp/sgp22/bpp/protect';
import { splitBoundProfilePackage } from '@esim-rsp/sgp22/bpp/segment';

/** A Bound Profile Package as the LPA sees it. */
export type ReadPackage = {
  /** What to send to the eUICC, in order (SGP.22 2.5.5). */
  readonly segments: readonly Uint8Array[];
  /** StoreMetadataRequest, which is not encrypted: the 88 TLVs without their MACs (2.5.4). */
  readonly metadata: Uint8Array;
};

/** Reads a package; undefined if it is not one. */
export function readPackage(boundProfilePackage: Uint8Array): ReadPackage | undefined {
  try {
    const [metadata] = readOne(boundProfilePackage)
      .children()
      .filter(({ tag }) => tag === 0xa1);
    return {
      segments: splitBoundProfilePackage(boundProfilePackage),
      metadata: withoutMacs(metadata?.children() ?? []),
    };
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function withoutMacs(tlvs: readonly Tlv[]): Uint8Array {
  return concat(...tlvs.map(({ content }) => content.subarray(0, -MAC_LENGTH)));
}
