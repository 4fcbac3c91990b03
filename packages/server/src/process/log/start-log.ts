import { hostname } from 'node:os';
import { escapeJson } from '@esim-rsp/sgp22/value/text';
import { pino } from 'pino';
import { createLog, type Log } from '../../log/log.ts';
import type { LogLevel } from '../settings.ts';
import { boundedOutput } from './bounded-output.ts';
import { prettyLine } from './pretty-line.ts';
import { stderrSink } from './stderr.ts';

export type StartedLog = {
  readonly log: Log;
  /** Adds the id of this server to the lines from now on. */
  readonly nameNode: (node: string) => void;
  /** Switches between the level of the settings and debug. */
  readonly toggleDebug: () => void;
  /** How many lines stderr did not take. */
  readonly dropped: () => number;
  /** Resolves when all lines are written, or after a second if stderr takes no more. */
  readonly flush: () => Promise<void>;
};

/** Lines that wait for a reader of stderr that stalls. */
const MAX_BYTES = 1_048_576;
const FLUSH_MILLISECONDS = 1000;
const WARN = 40;

type LogOptions = {
  readonly logLevel: LogLevel;
  /** Whether lines name ICCIDs and EIDs. */
  readonly logIdentifiers: boolean;
};

/**
 * Starts the log on stderr: JSON lines, or lines for people if it is a terminal. It never waits for their reader. `worker`: the number of this
 * worker of a server with several.
 */
export function startLog({ logLevel: level, logIdentifiers }: LogOptions, worker?: number): StartedLog {
  const shape = process.stderr.isTTY ? prettyLine : (line: string) => line;
  const output = boundedOutput(stderrSink(), MAX_BYTES, (count) => shape(describeDropped(count)));
  const write = (line: string) => output.write(shape(line));
  const base = { pid: process.pid, hostname: hostname(), ...(worker !== undefined && { worker }) };
  const lines = pino({ level, base, hooks: { streamWrite: escapeJson } }, { write });
  const toggleDebug = () => {
    const isDebug = lines.level === 'debug';
    lines.level = 'debug';
    lines.info(`the log has the level ${isDebug ? level : 'debug'} from now on; SIGUSR2 changes it`);
    lines.level = isDebug ? level : 'debug';
  };
  return {
    log: createLog(lines, logIdentifiers),
    nameNode: (node) => lines.setBindings({ node }),
    toggleDebug,
    dropped: output.dropped,
    flush: () => output.flush(FLUSH_MILLISECONDS),
  };
}

function describeDropped(count: number): string {
  const msg = `stderr was not read for a time: ${count} log lines were dropped`;
  const line = { level: WARN, time: Date.now(), pid: process.pid, hostname: hostname(), dropped: count, msg };
  return `${JSON.stringify(line)}\n`;
}
