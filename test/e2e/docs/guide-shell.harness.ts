import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledCommand } from '../../harness/compiled-command.ts';
import { freePort } from '../../harness/free-port.ts';

/** The command lines of the guides, and a shell that runs them. */

const ROOT = join(import.meta.dirname, '../../..');

export function guideText(name: string): string {
  return readFileSync(join(ROOT, 'docs/guide', name), 'utf8');
}

const FENCED = /^( *)```(\w*)[^\n]*\n(.*?)^\1```$/gms;

/** The languages of the fenced blocks of a guide; empty for a block that names none. */
export function languagesOf(name: string): string[] {
  return [...guideText(name).matchAll(FENCED)].map(([, , language = '']) => language);
}

/** The command lines in the code blocks of a guide, without comments; a line that ends with a backslash has the next one too. */
export function linesOf(name: string): string[] {
  const text = guideText(name).replace(/ *\\\n */g, ' ');
  const blocks = [...text.matchAll(FENCED)].flatMap(([, , language = '', block = '']) => {
    const lines = block.split('\n').map((line) => line.trim());
    if (language === 'console') return lines.filter((line) => line.startsWith('$ '));
    return language === 'sh' ? lines : [];
  });
  const indented = text.replace(FENCED, '').split('\n');
  return [...blocks, ...indented.filter((line) => /^ {4}\S/.test(line))]
    .map((line) =>
      line
        .replace(/^\s*(?:\$ )?/, '')
        .replace(/(?:^| +)# .*$/, '')
        .trim(),
    )
    .filter((line) => line !== '' && !isSetting(line));
}

/** A line of a settings file, or one that only sets variables: there is nothing to run. */
function isSetting(line: string): boolean {
  return /^(?:export )?(?:[A-Z_0-9]+=(?:'[^']*'|\S+) ?)+$/.test(line) || /^ESIM_OIDC_\w+=/.test(line);
}

export type Shell = {
  /** Runs a line; resolves to what it has written to both outputs, if it ends well. */
  readonly run: (line: string, more?: NodeJS.ProcessEnv) => Promise<string>;
  /** Runs a line that starts a program which ends when it is told to. */
  readonly start: (line: string, more?: NodeJS.ProcessEnv) => Running;
};
export type Running = AsyncDisposable & { readonly output: () => string };

/** A shell in a folder, where `esim` and `npx esim` are those of this checkout. */
export function shellIn(cwd: string, env: NodeJS.ProcessEnv = {}): Shell {
  const bin = join(cwd, 'bin');
  mkdirSync(bin, { recursive: true });
  const esim = `exec ${process.execPath} ${compiledCommand()} "$@"`;
  writeFileSync(join(bin, 'esim'), `#!/bin/sh\n${esim}\n`, { mode: 0o755 });
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\n[ "$1" = esim ] || exit 64\nshift\n${esim}\n`, { mode: 0o755 });
  writeFileSync(join(bin, 'node'), `#!/bin/sh\nexec ${process.execPath} "$@"\n`, { mode: 0o755 });
  const base = { ...env, PATH: [bin, env.PATH, process.env.PATH].filter(Boolean).join(':') };
  return {
    run: (line, more = {}) =>
      new Promise((resolve, reject) => {
        const options = { cwd, env: { ...base, ...more }, maxBuffer: 1 << 26 };
        const script = ['--norc', '-o', 'pipefail', '-c', line];
        execFile('bash', script, options, (error, out, err) =>
          error === null ? resolve(out + err) : reject(new Error(`${line}: ${out}${err}`)),
        );
      }),
    start: (line, more = {}) => {
      const child = spawn('bash', ['--norc', '-c', line.replace(/(^|\s)(npx|node)(?= )/, '$1exec $2')], {
        cwd,
        env: { ...base, ...more },
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (piece) => {
          output += piece;
        });
      const exit = once(child, 'exit');
      return {
        output: () => output,
        [Symbol.asyncDispose]: async () => {
          child.kill('SIGTERM');
          await exit;
        },
      };
    },
  };
}

/** Settings of a server that listens on free ports. */
export async function freePorts(): Promise<Record<string, string>> {
  return {
    ESIM_HTTP_PORT: String(await freePort()),
    ESIM_ES9_PORT: String(await freePort()),
    ESIM_ES2_PORT: String(await freePort()),
    ESIM_LOG_LEVEL: 'error',
  };
}

/** Replaces what only this machine has; every text must be in the line of some guide that uses it. */
export function withLocal(line: string, local: Readonly<Record<string, string>>): string {
  return Object.entries(local).reduce((text, [from, to]) => text.replaceAll(from, to), line);
}

/** The lines of a guide that begin with one of these texts; each must be there. */
export function linesFrom(name: string, ...starts: readonly string[]): string[] {
  const lines = linesOf(name);
  for (const start of starts)
    assert.ok(
      lines.some((line) => line.startsWith(start)),
      `${name} has no command ${start}`,
    );
  return lines.filter((line) => starts.some((start) => line.startsWith(start)));
}
