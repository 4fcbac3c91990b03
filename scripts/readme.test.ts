import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import {
  globSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
const names = globSync('*', { cwd: join(ROOT, 'packages') }).sort();
const pageOf = (name: string) => readFileSync(join(ROOT, 'packages', name, 'README.md'), 'utf8');

/** A project with the packages installed and an example of a README in each file. */
const project = realpathSync(mkdtempSync(join(tmpdir(), 'esim-rsp-readme-')));
after(() => rmSync(project, { recursive: true, force: true }));

/** The expected output in lines such as `console.log(…); // output`. */
const PRINTED = /^ *(?:if \(.*\) )?console\.log\(.*\); \/\/ (.*)$/gm;

const examples = names.flatMap((name) =>
  Array.from(pageOf(name).matchAll(/```ts\n(.*?)```/gs), ([, text = ''], i) => {
    const file = `${name}-${i + 1}.ts`;
    return { name, file, text, printed: Array.from(text.matchAll(PRINTED), ([, words]) => words) };
  }),
);

function writeProject(): void {
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  const config = { extends: join(ROOT, 'tsconfig.json'), include: ['*.ts'] };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
  for (const { file, text } of examples) writeFileSync(join(project, file), text);
}
writeProject();

test('the README of every package has an example', () => {
  assert.deepEqual(
    names.filter((name) => !examples.some((example) => example.name === name)),
    [],
  );
});

test('the examples of the READMEs compile', () => {
  try {
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project], {
      encoding: 'utf8',
    });
  } catch (error) {
    assert.fail((error as { stdout: string }).stdout);
  }
});

for (const { name, file, printed } of examples.filter((example) => example.printed.length > 0))
  test(`an example in the README of ${name} prints what it says`, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(project, file)], { cwd: project });
    assert.deepEqual(stdout.trimEnd().split('\n'), printed);
  });
