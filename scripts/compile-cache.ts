import { join } from 'node:path';

/** What the processes of tests and measurements load is kept compiled, as the esim command keeps it. */
export const withCompileCache = {
  ...process.env,
  NODE_COMPILE_CACHE: join(import.meta.dirname, '..', 'node_modules', '.cache', 'esim-rsp'),
};
