import { join } from 'node:path';

/** The environment for processes of tests and benchmarks: Node caches the code that it compiles, as for the esim command. */
export const withCompileCache = {
  ...process.env,
  NODE_COMPILE_CACHE: join(import.meta.dirname, '..', 'node_modules', '.cache', 'esim-rsp'),
};
