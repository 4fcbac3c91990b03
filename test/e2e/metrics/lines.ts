import assert from 'node:assert/strict';
import type { ServerProcess } from '../../harness/server.ts';

/** Where a server serves its metrics. */
export function metricsUrlOf({ output }: ServerProcess): string {
  return /Metrics +(\S+)/.exec(output())?.[1] ?? assert.fail('the server has no metrics');
}

/** The lines of a scrape. */
export async function linesOf(server: ServerProcess, token: string): Promise<string[]> {
  const response = await fetch(metricsUrlOf(server), { headers: { authorization: `Bearer ${token}` } });
  assert.equal(response.status, 200);
  return (await response.text()).split('\n');
}

/** The sum of the values of all lines that match. */
export function sumOf(lines: readonly string[], pattern: RegExp): number {
  return lines
    .filter((line) => pattern.test(line))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
