import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { openApiDocument } from '../../packages/server/src/rest/openapi/openapi.ts';
import { openApi30 } from '../../packages/server/src/rest/openapi/openapi-3.0.ts';
import { operations } from '../../packages/server/src/rest/operations.ts';

const folder = import.meta.dirname;
/** Where documents and clients are written. It sees the packages of this folder, and is deleted at the end. */
export const OUTPUT = mkdtempSync(join(tmpdir(), 'esim-generated-'));
process.once('exit', () => rmSync(OUTPUT, { recursive: true, force: true }));

/** The files of the OpenAPI documents. */
export const documents = { '3.1': join(OUTPUT, 'openapi.json'), '3.0': join(OUTPUT, 'openapi-3.0.json') };

const run = promisify(execFile);

/** Installs the packages of this folder if they are not there, and writes the documents. */
export async function prepare(): Promise<void> {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const shell = process.platform === 'win32';
  if (!existsSync(join(folder, 'node_modules', '.package-lock.json')))
    await run(npm, ['ci', '--no-audit', '--no-fund'], { cwd: folder, shell });
  symlinkSync(join(folder, 'node_modules'), join(OUTPUT, 'node_modules'), 'junction');
  const document = openApiDocument(operations, '0.1.0');
  writeFileSync(documents['3.1'], JSON.stringify(document));
  writeFileSync(documents['3.0'], JSON.stringify(openApi30(document)));
}

/** Runs a program of an installed package; resolves to what it writes, whatever its exit code. */
export async function runTool(
  program: string,
  ...options: readonly string[]
): Promise<{ code: number; out: string }> {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const at = resolve(folder, 'node_modules', program);
  try {
    const { stdout, stderr } = await run(process.execPath, [at, ...options], {
      cwd: OUTPUT,
      env,
      maxBuffer: 50_000_000,
    });
    return { code: 0, out: stdout + stderr };
  } catch (error) {
    const {
      code = 1,
      stdout = '',
      stderr = '',
    } = error as { code?: number; stdout?: string; stderr?: string };
    return { code, out: stdout + stderr };
  }
}
