import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCli } from './cli.ts';
import { CliError, type CommandTree, examples } from './command.ts';
import { commands } from './commands.ts';

const loaded: string[] = [];
const called: unknown[] = [];

/** Two commands beside each other in one folder: only the called one may be loaded. */
const tree: CommandTree = {
  thing: {
    about: 'things',
    commands: {
      add: {
        about: 'adds a thing',
        load: async () => {
          loaded.push('add');
          return {
            configure: (command) => {
              command
                .argument('<name>')
                .option('--size <n>')
                .action((...given) => void called.push(given.slice(0, 2)));
              examples(command, { 'esim thing add x': 'adds x' });
            },
          };
        },
      },
      lose: {
        about: 'loses a thing',
        load: async () => {
          loaded.push('lose');
          return {
            configure: (command) => {
              command.option('--json').action(() => {
                throw new CliError('it is lost already');
              });
            },
          };
        },
      },
    },
  },
};

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCli(argv, tree, {
    writeOut: (text) => out.push(text),
    writeErr: (text) => err.push(text),
  });
  return { code, out: out.join(''), err: err.join('') };
}

test('a command is found by its folders, and no other one is loaded', async () => {
  const { code } = await run('thing', 'add', 'lamp', '--size', '3');
  assert.equal(code, 0);
  assert.deepEqual(called, [['lamp', { size: '3' }]]);
  assert.deepEqual(loaded, ['add']);
});

test('a command that fails exits 1 with its reason', async () => {
  const { code, err } = await run('thing', 'lose');
  assert.deepEqual([code, err], [1, 'esim: it is lost already\n']);
});

test('wrong usage exits 2 and says what is wrong', async () => {
  for (const argv of [
    ['nonsense'],
    ['thing', 'nonsense'],
    ['thing', 'add'],
    ['thing', 'add', 'x', '--no-such'],
    [],
  ]) {
    const { code, err } = await run(...argv);
    assert.equal(code, 2, argv.join(' '));
    assert.notEqual(err, '');
  }
});

test('with --json an error is one line of JSON on stderr, whatever went wrong', async () => {
  const errors = [
    [['thing', 'lose', '--json'], 'failed', 'it is lost already', null],
    [
      ['thing', 'add', 'x', '--no-such', '--json'],
      'usage',
      "unknown option '--no-such'",
      "see 'esim thing add --help'",
    ],
    [['thing', '--json'], 'usage', "unknown option '--json'", "see 'esim thing --help'"],
    [['nonsense', '--json'], 'usage', /unknown command|unknown option/, "see 'esim --help'"],
  ] as const;
  for (const [argv, code, message, hint] of errors) {
    const { err } = await run(...argv);
    assert.equal(err.split('\n').length, 2, err);
    const found = JSON.parse(err);
    assert.deepEqual(Object.keys(found), ['code', 'message', 'request_id', 'hint']);
    assert.deepEqual([found.code, found.request_id, found.hint], [code, null, hint]);
    assert.match(found.message, message instanceof RegExp ? message : new RegExp(message));
  }
});

test('every command and group writes wrong usage as one line of JSON, which names its own help', async () => {
  const walk = async (words: string[], tree: CommandTree): Promise<void> => {
    for (const [name, entry] of Object.entries(tree)) {
      const path = [...words, name];
      const err: string[] = [];
      const write = { writeOut: () => undefined, writeErr: (text: string) => void err.push(text) };
      assert.equal(
        await runCli([...path, '--no-such-option', '--json'], undefined, write),
        2,
        path.join(' '),
      );
      const [line = '', ...others] = err.join('').trimEnd().split('\n');
      assert.deepEqual(others, []);
      const { code, message, request_id, hint } = JSON.parse(line);
      assert.deepEqual([code, request_id, hint], ['usage', null, `see 'esim ${path.join(' ')} --help'`]);
      assert.match(message, /unknown option '--|required option '--/);
      if ('commands' in entry) await walk(path, entry.commands);
    }
  };
  await walk([], commands);
});

test('wrong usage points to the help of the command that failed', async () => {
  assert.match((await run('thing', 'add', 'x', '--no-such')).err, /\(see 'esim thing add --help'\)/);
  assert.match((await run('thing', 'nonsense')).err, /\(see 'esim thing --help'\)/);
});

test('--help shows options and examples and exits 0', async () => {
  const { code, out } = await run('thing', 'add', '--help');
  assert.equal(code, 0);
  assert.match(out, /--size <n>.*Examples:\n {2}esim thing add x {2}adds x/s);
  assert.equal((await run('help', 'thing')).code, 0);
});

test('the help of every command fits 80 columns and has examples', async () => {
  const wide: string[] = [];
  const walk = async (words: string[], tree: CommandTree): Promise<void> => {
    for (const [name, entry] of Object.entries(tree)) {
      const path = [...words, name];
      const out: string[] = [];
      const write = { writeOut: (text: string) => void out.push(text), writeErr: () => undefined };
      assert.equal(await runCli([...path, '--help'], undefined, write), 0, path.join(' '));
      const lines = out.join('').split('\n');
      wide.push(...lines.filter((line) => line.length > 80).map((line) => `${path.join(' ')}: ${line}`));
      if ('commands' in entry) await walk(path, entry.commands);
      else if (!lines.includes('Examples:')) wide.push(`${path.join(' ')} has no examples`);
    }
  };
  await walk([], commands);
  assert.deepEqual(wide, []);
});

test('bin/esim.js runs with the Node of this machine, whichever it is', () => {
  const bin = fileURLToPath(new URL('../bin/esim.js', import.meta.url));
  const { status, stdout } = spawnSync(bin, ['--version'], { encoding: 'utf8' });
  assert.deepEqual([status, stdout], [0, '0.1.0\n']);
  assert.equal(spawnSync(bin, ['nonsense']).status, 2);
});
