import { crc32, inflateRawSync } from 'node:zlib';
import { MAX_PACKAGE } from '@esim-rsp/sgp22/profile/read';
import { takeTurn } from '../../../limits/turns.ts';
import { type Octets, octetsOf } from './octets.ts';
import { ImportError, MOST_ROWS, type ReadRows, type Row } from './row.ts';
import { type EntryHead, entryHead, isEnd, isEntry, LOCAL_HEAD, type Sizes, sizesAfter } from './zip-head.ts';

/** Compressed, a package may be a little larger than it is. */
const MAX_COMPRESSED = MAX_PACKAGE + 65_536;

/** A package per file of a zip (APPNOTE 6.3), read from its first octet on: what its directory at the end says is not needed. */
export const readZip: ReadRows = async function* (pieces) {
  const octets = octetsOf(pieces);
  try {
    for (let entry = 0; ; entry += 1) {
      await takeTurn();
      const head = await nextHead(octets, entry === 0);
      if (head === undefined) return;
      if (entry === MOST_ROWS) throw new ImportError(`the zip file has more than ${MOST_ROWS} entries`);
      const row = await rowOf(head, octets);
      if (row !== undefined) yield [row];
    }
  } finally {
    octets.close();
  }
};

/** The head of the next file; undefined: the directory begins. */
async function nextHead(octets: Octets, first: boolean): Promise<EntryHead | undefined> {
  const fixed = await octets.peek(LOCAL_HEAD);
  if (isEnd(fixed)) return undefined;
  if (!isEntry(fixed))
    throw new ImportError(first ? 'it is no zip file' : 'the zip file is cut off, or damaged');
  const view = Buffer.from(fixed);
  const length = LOCAL_HEAD + view.readUInt16LE(26) + view.readUInt16LE(28);
  return entryHead(mustBeThere(await octets.take(length)));
}

function mustBeThere<T>(octets: T | undefined): T {
  if (octets === undefined) throw new ImportError('the zip file is cut off');
  return octets;
}

/** undefined: it is a folder, or what a computer adds by itself. */
async function rowOf(head: EntryHead, octets: Octets): Promise<Row | undefined> {
  const content = await contentOf(head, octets);
  const { name } = head;
  if (name.endsWith('/') || /(?:^|\/)(?:__MACOSX\/|\.)/.test(name)) return undefined;
  const entry = name.slice(0, 200);
  return typeof content === 'string' ? { entry, fault: content } : { entry, package: content };
}

/** What is in the file, or why that cannot be read. */
async function contentOf(head: EntryHead, octets: Octets): Promise<Uint8Array | string> {
  const { name, method, isEncrypted, sizes } = head;
  if (sizes === undefined) return withUnknownSize(head, octets);
  const { compressed, uncompressed, crc } = sizes;
  const fault = isEncrypted
    ? 'is encrypted'
    : method !== 'stored' && method !== 'deflated'
      ? 'is compressed in a way that is not known: only stored and deflated are'
      : uncompressed > MAX_PACKAGE || compressed > MAX_COMPRESSED
        ? tooLarge
        : undefined;
  if (fault !== undefined) {
    if (!(await octets.skip(compressed))) throw new ImportError(`the zip file is cut off in ${name}`);
    return fault;
  }
  const taken = mustBeThere(await octets.take(compressed));
  await takeTurn();
  const content = method === 'stored' ? taken : inflated(taken)?.content;
  return content !== undefined && crc32(content) === crc ? content : damaged;
}

const tooLarge = `has more than ${MAX_PACKAGE} bytes`;
const damaged = 'is damaged: its checksum is not that of its content';

/** Of a file that was written to a pipe, the end of its compressed data is where inflating ends. */
async function withUnknownSize(
  { name, method, isEncrypted }: EntryHead,
  octets: Octets,
): Promise<Uint8Array | string> {
  if (method !== 'deflated' || isEncrypted)
    throw new ImportError(
      `the zip does not say where ${name} ends: create it again, in a file and not in a pipe, or with compression`,
    );
  for (let length = 16_384; ; length *= 4) {
    const data = await octets.peek(Math.min(length, MAX_COMPRESSED));
    await takeTurn();
    const found = inflated(data);
    if (found !== undefined) {
      await octets.take(found.consumed);
      const { crc } = await sizesBehind(octets, found);
      return crc32(found.content) === crc ? found.content : damaged;
    }
    if (data.length < length)
      throw new ImportError(`the zip file is cut off or damaged in ${name}, or that ${tooLarge}`);
  }
}

type Inflated = { readonly content: Uint8Array; readonly consumed: number };

/** undefined: it is not whole, or damaged, or more than a package. */
function inflated(data: Uint8Array): Inflated | undefined {
  try {
    const { buffer, engine } = inflateRawSync(data, {
      maxOutputLength: MAX_PACKAGE,
      info: true,
    }) as unknown as {
      buffer: Uint8Array;
      engine: { bytesWritten: number };
    };
    return { content: buffer, consumed: engine.bytesWritten };
  } catch {
    return undefined;
  }
}

async function sizesBehind(octets: Octets, { content, consumed }: Inflated): Promise<Sizes> {
  const found = sizesAfter(await octets.peek(28), { compressed: consumed, uncompressed: content.length });
  if (found === undefined) throw new ImportError('the zip file is damaged');
  await octets.take(found.length);
  return found.sizes;
}
