import { runCli } from './cli.ts';

/** The esim command. A file .env in the working directory adds to the environment, for every command alike. */
try {
  process.loadEnvFile();
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
process.stdout.on('error', () => undefined); // whoever read our output has seen enough
process.exitCode = await runCli(process.argv.slice(2));
