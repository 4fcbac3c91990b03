import { execFile } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const PACKAGE = '@openapitools/openapi-generator-cli@1.0.18-5.0.0-beta2';
const run = promisify(execFile);

/** Makes an SDK of an OpenAPI document; resolves to its folder of TypeScript sources. */
export type Generate = (document: object, name: string) => Promise<string>;

/**
 * OpenAPI Generator, working in a folder: the jar that `ESIM_OPENAPI_GENERATOR_JAR` names, or that of the npm package. It
 * runs on Java, so this resolves to a reason in words where there is no Java, or no jar to be had.
 */
export async function generator(folder: string): Promise<Generate | string> {
  const hasJava = await run('java', ['-version']).then(
    () => true,
    () => false,
  );
  if (!hasJava) return 'there is no Java here';
  const jar = process.env.ESIM_OPENAPI_GENERATOR_JAR ?? (await fetchedJar(folder));
  if (jar === undefined) return `the registry does not give ${PACKAGE}`;
  return async (document, name) => {
    const input = join(folder, `${name}.json`);
    writeFileSync(input, JSON.stringify(document));
    const out = join(folder, name);
    const options = ['generate', '-g', 'typescript-axios', '-i', input, '-o', out];
    await run('java', ['-jar', jar, ...options], { maxBuffer: 2 ** 26, timeout: 120_000 });
    return out;
  };
}

async function fetchedJar(folder: string): Promise<string | undefined> {
  try {
    const pack = ['pack', '--silent', '--prefer-offline', '--pack-destination', folder, PACKAGE];
    const { stdout: tarball } = await run('npm', pack, { cwd: folder, timeout: 60_000 });
    mkdirSync(join(folder, 'cli'));
    await run('tar', ['-xzf', join(folder, tarball.trim()), '-C', join(folder, 'cli')]);
  } catch {
    return undefined;
  }
  return globSync(join(folder, 'cli/package/bin/*.jar'))[0];
}

/** Runs the sources of a generated SDK: its exports. They are of no Node's TypeScript, so they are compiled. */
export async function loaded<Exports>(sources: string): Promise<Exports> {
  const outfile = join(sources, 'index.mjs');
  await build({
    entryPoints: [join(sources, 'index.ts')],
    outfile,
    bundle: true,
    external: ['axios'],
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
  });
  return import(outfile) as Promise<Exports>;
}

/** Writes the enums of generated sources as later versions of the generator do: an object and a union of its values. */
export function enumsAsObjects(sources: string): void {
  const file = join(sources, 'api.ts');
  const text = readFileSync(file, 'utf8').replace(
    /export enum (\w+) \{([^}]*)\}/g,
    (_, name, members) =>
      `export const ${name} = {${members.replaceAll(' = ', ': ')}} as const;\n` +
      `export type ${name} = typeof ${name}[keyof typeof ${name}];`,
  );
  writeFileSync(file, text);
}
