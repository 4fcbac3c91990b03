import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { BUNDLE, installedBundle } from '../../packages/server/src/docs/sources.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What the documentation of a server needs of the repository. */
const COPIED = [
  'docs/{guide,adr,spec}/**/*',
  'docs/images/*.svg',
  'deploy/**/*',
  'packages/sdk/README.md',
  'CHANGELOG.md',
  'ARCHITECTURE.md',
  '.env.example',
];

/** Copies the guides, and the script of the API reference with its compressed forms and its licence, into a folder. */
export function writeDocsFiles(folder: string): void {
  for (const file of globSync(COPIED, { cwd: ROOT, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name).slice(ROOT.length + 1);
    cpSync(join(ROOT, path), join(folder, path));
  }
  const bundle = installedBundle();
  if (bundle === undefined) throw new Error('@scalar/fastify-api-reference is not installed: run npm ci');
  const script = readFileSync(bundle);
  const target = join(folder, BUNDLE);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, script);
  writeFileSync(`${target}.gz`, gzipSync(script, { level: 9 }));
  writeFileSync(`${target}.br`, brotliCompressSync(script));
  cpSync(join(dirname(bundle), '../../LICENSE'), join(dirname(target), 'LICENCE-scalar.txt'));
}
