import { open } from 'node:fs/promises';
import type { Anchor, ChainStore } from '../store/ports/logs/chains.ts';
import { readAnchorLine } from './anchor.ts';

/** A file to which anchors are appended, such as one on another machine. */
export type AnchorFile = {
  /** Appends the anchors of a key that the file does not have. */
  readonly append: (store: Pick<ChainStore, 'anchors'>, key: string) => Promise<void>;
};

/** The end of a file in which its last anchor is looked for. */
const TAIL = 4_000_000;
const PAGE = 50;

export function openAnchorFile(path: string): AnchorFile {
  /** The last anchor in the file, once it was read. */
  let last: number | undefined;
  return {
    append: async (store, key) => {
      let own = last ?? (await lastNumberIn(path, key));
      for (;;) {
        const missing: readonly Anchor[] = (await store.anchors({ key, number: own }, PAGE)).filter(
          (anchor) => anchor.key === key,
        );
        last = own;
        if (missing.length === 0) return;
        await appendLines(path, missing);
        own = missing.at(-1)?.number ?? own;
      }
    },
  };
}

async function appendLines(path: string, anchors: readonly Anchor[]): Promise<void> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const { buffer } =
      size > 0 ? await file.read(Buffer.alloc(1), 0, 1, size - 1) : { buffer: Buffer.from('\n') };
    // a line that a power cut has left half written ends here
    const start = buffer[0] === 10 ? '' : '\n';
    await file.appendFile(`${start}${anchors.map(({ line }) => `${line}\n`).join('')}`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** 0: it has none of the key. */
async function lastNumberIn(path: string, key: string): Promise<number> {
  const lines = (await readTail(path)).split('\n').map(readAnchorLine);
  return lines.findLast((line) => line?.content.key === key)?.content.number ?? 0;
}

async function readTail(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const start = Math.max(0, size - TAIL);
      const { buffer } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
      return buffer.toString('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
