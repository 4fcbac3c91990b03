import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCli } from './cli.ts';
import { CliError, examples } from './command.ts';
import type { CommandTree } from './commands.ts';

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
              command.action(() => {
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

test('--help shows options and examples and exits 0', async () => {
  const { code, out } = await run('thing', 'add', '--help');
  assert.equal(code, 0);
  assert.match(out, /--size <n>.*Examples:\n {2}esim thing add x {2}adds x/s);
  assert.equal((await run('help', 'thing')).code, 0);
});

test('bin/esim.js runs with the Node of this machine, whichever it is', () => {
  const bin = fileURLToPath(new URL('../bin/esim.js', import.meta.url));
  const { status, stdout } = spawnSync(bin, ['--version'], { encoding: 'utf8' });
  assert.deepEqual([status, stdout], [0, '0.1.0\n']);
  assert.equal(spawnSync(bin, ['nonsense']).status, 2);
});
