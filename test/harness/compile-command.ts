import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileCommand } from './compiled-server.ts';

/** A process of its own, which compiled-command.ts waits for: compiles the command into the folder, which is there as a whole or not at all. */
const [folder = ''] = process.argv.slice(2);
mkdirSync(dirname(folder), { recursive: true });
const unfinished = mkdtempSync(join(dirname(folder), 'unfinished-'));
try {
  await compileCommand(unfinished);
  renameSync(unfinished, folder);
} catch (error) {
  rmSync(unfinished, { recursive: true, force: true });
  if (!existsSync(folder)) throw error; // otherwise another process was faster
}
