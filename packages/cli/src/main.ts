import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The esim command. What it loads is kept compiled in node_modules, where that can be written: the next start takes a quarter. */
enableCompileCache(fileURLToPath(new URL('../.cache/esim-rsp', import.meta.resolve('commander'))));

/** A file .env in the working directory adds to the environment, for every command alike. */
try {
  process.loadEnvFile();
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
process.stdout.on('error', () => undefined); // the reader has closed the output
const { runCli } = await import('./cli.ts');
process.exitCode = await runCli(process.argv.slice(2));
