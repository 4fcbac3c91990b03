import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { TAR_END, tarHeader, tarPadding } from '#server/process/backup/tar';
import { filesIn, modeOf, PLATFORM, sourceTime, VERSION } from './tree.ts';

/** Writes the tree as a tar file into a folder, with its checksum next to it. The same tree gives the same octets. */
export function writeTarball(tree: string, folder: string): string {
  const name = `esim-rsp-${VERSION}-${PLATFORM}`;
  const modified = sourceTime();
  const blocks = filesIn(tree).flatMap((path) => {
    const content = readFileSync(join(tree, path));
    const entry = { name: `${name}/${path}`, size: content.length };
    return [tarHeader(entry, modified, modeOf(path)), content, tarPadding(content.length)];
  });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.tar.gz`);
  writeWithChecksum(file, gzipSync(Buffer.concat([...blocks, TAR_END]), { level: 6 }));
  return file;
}

function writeWithChecksum(file: string, content: Uint8Array): void {
  writeFileSync(file, content);
  const sum = createHash('sha256').update(content).digest('hex');
  writeFileSync(`${file}.sha256`, `${sum}  ${basename(file)}\n`);
}
