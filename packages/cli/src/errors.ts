import { CommanderError } from 'commander';
import { CliError } from './command.ts';
import { escapeLines, jsonOf } from './output.ts';

/** The error of a command as `--json` writes it: one line, the last one of stderr. All members are always there. */
export type ErrorJson = {
  /** That of the API, such as `profile_not_found`; `connection…` or `timeout`; `usage`, `failed` or `bug`. */
  readonly code: string;
  readonly message: string;
  readonly request_id: string | null;
  /** What to do. */
  readonly hint: string | null;
};

/** What a disk cannot do is no bug, wherever it happens. */
const diskFaults: Readonly<Record<string, { readonly what: string; readonly hint: string }>> = {
  ENOSPC: { what: 'the disk is full', hint: 'make room, and try again' },
  EDQUOT: { what: 'the quota of the disk is used up', hint: 'make room, and try again' },
  EROFS: { what: 'the disk is read-only', hint: 'mount it so that it can be written, and try again' },
};
const SQLITE_FULL = 13;

function explain(error: unknown): unknown {
  const { code = '', message = '', errcode } = error as NodeJS.ErrnoException & { readonly errcode?: number };
  const fault = diskFaults[errcode === SQLITE_FULL ? 'ENOSPC' : code];
  return fault === undefined ? error : new CliError(`${fault.what} (${message})`, 1, { hint: fault.hint });
}

/** The error for a person: the reason, how to find it in the log, and what to do. */
export function errorText(thrown: unknown): string {
  const error = explain(thrown);
  if (!(error instanceof CliError))
    return `esim: this is a bug in esim, please report it\n${(error as Error)?.stack ?? error}\n`;
  const { code, status, requestId, hint } = error.details;
  const request = requestId === undefined ? [] : [`request ${requestId}`];
  const details = status === undefined ? '' : ` (${[code, `HTTP ${status}`, ...request].join(', ')})`;
  return `esim: ${escapeLines(error.message)}${details}${hint === undefined ? '' : `\n  ${escapeLines(hint)}`}\n`;
}

/** The error for a program. `path`: the command that failed, such as `esim profile show`. */
export function errorLine(error: unknown, path: string): string {
  return `${jsonOf(errorJson(error, path))}\n`;
}

function errorJson(thrown: unknown, path: string): ErrorJson {
  const error = explain(thrown);
  if (error instanceof CommanderError)
    return {
      code: 'usage',
      message:
        error.code === 'commander.help' ? 'a command is missing' : error.message.replace(/^error: /, ''),
      request_id: null,
      hint: `see '${path} --help'`,
    };
  if (!(error instanceof CliError))
    return { code: 'bug', message: String(error), request_id: null, hint: 'please report it' };
  const { code, hint, requestId } = error.details;
  return {
    code: code ?? (error.exitCode === 2 ? 'usage' : 'failed'),
    message: error.message,
    request_id: requestId ?? null,
    hint: hint ?? null,
  };
}
