import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Command } from 'commander';
import type { CommandTree } from '#cli/command';
import { commands } from '#cli/commands';
import { runners } from './guide-runners.harness.ts';
import { languagesOf, linesOf } from './guide-shell.harness.ts';

/** The `esim` commands of the guides: each exists with its options, and a test runs it. */

const ROOT = join(import.meta.dirname, '../../..');
const GUIDES = join(ROOT, 'docs/guide');
const names = readdirSync(GUIDES).filter((name) => name.endsWith('.md'));

/** The words after `esim`, if the line runs it: with settings before it, and by whatever path. */
function wordsOf(line: string): string[] | undefined {
  const [, words] =
    /^(?:(?:export|sudo(?: -u \S+)?|docker run .*?|exec) )?(?:[A-Z_]+=\S* )*(?:npx |\S*\/)?esim ([a-z].*)$/.exec(
      line,
    ) ?? [];
  return words
    ?.replace(/ +#.*$/, '')
    .replace(/ (?:[|>&;]|2>).*$/, '')
    .split(' ')
    .filter((word) => word !== '');
}

async function commandAt(
  tree: CommandTree,
  words: readonly string[],
): Promise<{ command: Command; path: string }> {
  const [word = '', ...rest] = words;
  const entry = tree[word];
  assert.ok(entry !== undefined, `there is no command ${word}`);
  if ('commands' in entry && entry.commands[rest[0] ?? ''] !== undefined) {
    const found = await commandAt(entry.commands, rest);
    return { ...found, path: `${word} ${found.path}` };
  }
  const command = new Command(word);
  (await entry.load?.())?.configure(command, commands);
  return { command, path: word };
}

test('every esim command in a guide exists, with the options that it is used with', async () => {
  const wrong: string[] = [];
  let found = 0;
  for (const name of names)
    for (const line of linesOf(name)) {
      const words = wordsOf(line);
      if (words === undefined) continue;
      found++;
      try {
        const { command } = await commandAt(commands, words);
        const known = new Set(command.options.flatMap(({ long, short }) => [long, short]));
        const options = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/=.*/, ''));
        const unknown = options.filter((option) => !known.has(option) && !['--help', '-h'].includes(option));
        if (unknown.length > 0) wrong.push(`${name}: ${line}: no option ${unknown.join(', ')}`);
      } catch (error) {
        wrong.push(`${name}: ${line}: ${(error as Error).message}`);
      }
    }
  assert.ok(found > 100, `only ${found} commands were found`);
  assert.deepEqual(wrong, []);
});

test('each command line of a guide is run by a test, or is an exception with a reason', () => {
  const missing: string[] = [];
  for (const name of names) {
    const { all, some = [], none = [] } = runners[name] ?? {};
    for (const line of linesOf(name)) {
      const listed = [...some, ...none].some(({ lines }) => lines.some((start) => line.startsWith(start)));
      if (all === undefined && !listed) missing.push(`${name}: ${line}`);
    }
  }
  assert.deepEqual(missing, [], 'add a test, or an exception to guide-runners.harness.ts');
});

test('what the table says of a guide is so: its lines are there, and its tests have the commands', () => {
  const wrong: string[] = [];
  const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');
  for (const [name, { all, some = [], none = [] }] of Object.entries(runners)) {
    const lines = linesOf(name);
    if (all !== undefined && !textOf(all).includes(name)) wrong.push(`${all} does not read ${name}`);
    for (const { test: path, has } of some)
      if (!textOf(path).includes(has)) wrong.push(`${path} does not have ${has}`);
    for (const start of [...some, ...none].flatMap((row) => row.lines))
      if (!lines.some((line) => line.startsWith(start))) wrong.push(`${name} has no line ${start}`);
  }
  assert.deepEqual(wrong, []);
});

test('each fenced block of a guide names its language, so that commands are found', () => {
  assert.deepEqual(
    names.filter((name) => languagesOf(name).includes('')),
    [],
  );
});
