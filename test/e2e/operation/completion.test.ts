import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runEsim } from '../../harness/esim.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-completion-'));
after(() => rmSync(folder, { recursive: true }));
const esim = (...args: string[]) => runEsim({ cwd: folder, env: {} }, ...args);
const has = (shell: string) => spawnSync(shell, ['-c', 'exit']).status === 0;

/** Writes the script of a shell, and returns its path. */
async function scriptFor(shell: string): Promise<string> {
  const { code, out, err } = await esim('completion', shell);
  assert.equal(code, 0, err);
  const path = join(folder, `completion.${shell}`);
  writeFileSync(path, out);
  return path;
}

function run(shell: string, ...args: string[]): string[] {
  const { status, stdout, stderr } = spawnSync(shell, args, { encoding: 'utf8', cwd: folder });
  assert.deepEqual([status, stderr], [0, '']);
  return stdout.split('\n').filter((line) => line !== '');
}

test('bash sources the script and completes commands, options and their values', async () => {
  const script = await scriptFor('bash');
  const complete = (...words: string[]) =>
    run(
      'bash',
      '--norc',
      '-c',
      'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _esim; for w in "$' +
        '{COMPREPLY[@]}"; do echo "$w"; done',
      'bash',
      script,
      ...words,
    );
  assert.deepEqual(complete('esim', 'sta'), ['status']);
  assert.deepEqual(complete('esim', 'profile', 'rese'), ['reset']);
  assert.ok(complete('esim', 'profile', '').includes('create'));
  assert.deepEqual(complete('esim', 'profile', 'list', '--co'), ['--columns', '--count']);
  assert.deepEqual(complete('esim', 'profile', 'list', '--json', '--no'), ['--no-trunc']);
  assert.ok(complete('esim', 'webhook', 'deliveries', 'we_1', '--state', 'p').includes('pending'));
  assert.deepEqual(complete('esim', 'completion', 'f'), ['fish']);
  assert.deepEqual(run('bash', '--norc', '-c', 'source "$1"; complete -p esim', 'bash', script), [
    'complete -o bashdefault -o default -F _esim esim',
  ]);
});

test('zsh reads the script', { skip: !has('zsh') && 'there is no zsh' }, async () => {
  const script = await scriptFor('zsh');
  run(
    'zsh',
    '-f',
    '-c',
    'autoload -U compinit; compinit -D -u; source "$1"; [ -n "$_comps[esim]" ]',
    'zsh',
    script,
  );
});

test('fish reads the script and completes', { skip: !has('fish') && 'there is no fish' }, async () => {
  const script = await scriptFor('fish');
  const found = run('fish', '-N', '-c', `source ${script}; complete -C 'esim profile cr'`);
  assert.match(found.join('\n'), /^create\tcreate a profile$/m);
});

test('an unknown shell is wrong usage that names the known ones', async () => {
  const { code, err } = await esim('completion', 'tcsh');
  assert.equal(code, 2);
  assert.match(err, /bash, zsh, fish/);
});
