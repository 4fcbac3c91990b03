import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { copyRoot, type Root } from './debian-root.ts';

export type Instruction = { readonly name: string; readonly text: string };

/** The instructions of a Dockerfile, without comments, each on one line. */
export function readDockerfile(path: string): readonly Instruction[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', text = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
      if (!KNOWN.has(name)) throw new Error(`an instruction that is not known: ${line}`);
      return { name, text };
    });
}

const KNOWN = new Set(
  'FROM RUN COPY WORKDIR ENV USER LABEL VOLUME EXPOSE STOPSIGNAL ENTRYPOINT CMD HEALTHCHECK'.split(' '),
);

/** A stage that was built, and what its image says about the program. */
export type Image = Disposable & {
  readonly root: Root;
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  readonly user: string;
  readonly start: readonly string[];
  readonly healthCheck: readonly string[];
};

/** Carries out the instructions one after the other; returns the last stage. `baseOf` says what a base image is here. */
export function buildImage(
  instructions: readonly Instruction[],
  context: string,
  baseOf: (image: string) => 'machine' | 'debian',
): Image {
  using closing = new DisposableStack();
  const stages = new Map<string, Root>();
  let [root, workdir, user] = [undefined as Root | undefined, '/', '0'];
  const env: Record<string, string> = {};
  const json: Record<string, string[]> = {};
  for (const { name, text } of instructions) {
    const current = () => root ?? fail('the first instruction is not FROM');
    if (name === 'FROM') {
      const [image = '', , as = 'last'] = text.split(' ');
      root = closing.use(copyRoot(baseOf(image)));
      stages.set(as, root);
      workdir = '/';
      for (const key of Object.keys(env)) delete env[key];
    } else if (name === 'RUN') current().run(text, { cwd: workdir, env });
    else if (name === 'COPY') copy(text, { root: current(), workdir, context, stages });
    else if (name === 'WORKDIR') {
      workdir = text;
      current().run(`mkdir -p ${text}`);
    } else if (name === 'ENV')
      for (const [, key = '', value = ''] of text.matchAll(/(\w+)=(\S+)/g)) env[key] = value;
    else if (name === 'USER') user = text;
    else if (text.includes('[')) json[name] = JSON.parse(text.slice(text.indexOf('[')));
  }
  const built = root ?? fail('there is no FROM');
  const start = [...(json.ENTRYPOINT ?? []), ...(json.CMD ?? [])];
  const rest = closing.move();
  return {
    root: built,
    env,
    workdir,
    user,
    start,
    healthCheck: json.HEALTHCHECK ?? [],
    [Symbol.dispose]: () => rest.dispose(),
  };
}

type Place = {
  readonly root: Root;
  readonly workdir: string;
  readonly context: string;
  readonly stages: ReadonlyMap<string, Root>;
};

function copy(text: string, { root, workdir, context, stages }: Place): void {
  const [, stage, from = '', to = ''] = /^(?:--from=(\S+) )?(\S+) (\S+)$/.exec(text) ?? [];
  const target = join(root.changes, to.startsWith('/') ? to : join(workdir, to));
  const source =
    stage === undefined ? join(context, from) : join(stages.get(stage)?.changes ?? fail(stage), from);
  mkdirSync(target, { recursive: true });
  cpSync(source, target, { recursive: true });
}

/** Copies what `.dockerignore` lets into the build: a list of what is taken, and then of what is not. */
export function copyContext(repository: string, context: string): void {
  const lines = readFileSync(join(repository, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines[0] !== '*') fail('.dockerignore does not begin with *');
  const taken = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const [anywhere, exact] = [
    lines.filter((line) => line.startsWith('**/')).map((line) => line.slice(3)),
    lines.filter((line) => !/^[!*]/.test(line)),
  ];
  for (const name of taken)
    cpSync(join(repository, name), join(context, name), {
      recursive: true,
      filter: (path) =>
        !anywhere.includes(basename(path)) && !exact.some((one) => path === join(repository, one)),
    });
}

function fail(message: string): never {
  throw new Error(message);
}
