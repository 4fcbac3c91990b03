/** `node --import` of `npm start`: builds the console before the server starts, if that is necessary. */

import { buildIfStale } from './build.ts';

try {
  if (await buildIfStale()) process.stderr.write('esim: built the web console\n');
} catch (error) {
  const { message } = error as Error;
  process.stderr.write(
    `esim: the web console could not be built, so /console is missing: ${message}\n  npm ci installs what the build needs\n`,
  );
}
