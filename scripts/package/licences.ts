import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dependency } from './dependencies.ts';

/** A part of the package that others have written. */
type Part = {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
};

/** The page with all parts of others, their licences, and the text of each. `folderOf`: where a dependency is. */
export function licencesPage(
  dependencies: readonly Dependency[],
  folderOf: (path: string) => string,
  nodeFolder: string,
): string {
  const node = JSON.parse(readFileSync(join(nodeFolder, 'package.json'), 'utf8')) as { version: string };
  const parts: Part[] = [
    {
      name: 'Node.js',
      version: node.version,
      licence: 'MIT, and those of its parts',
      text: readFileSync(join(nodeFolder, 'LICENSE'), 'utf8'),
    },
    ...dependencies.map(({ path, version, licence }) => ({
      name: path.replaceAll(/(^|\/)node_modules\//g, '$1'),
      version,
      licence,
      text: licenceText(folderOf(path)),
    })),
  ];
  return [
    '# Licences',
    '',
    'esim-rsp is under Apache-2.0 (the file LICENSE). It comes with these programs and libraries:',
    '',
    '| part | version | licence |',
    '|---|---|---|',
    ...parts.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`),
    '',
    ...parts.flatMap(({ name, version, text }) => [
      `## ${name} ${version}`,
      '',
      '```',
      text.trim(),
      '```',
      '',
    ]),
  ].join('\n');
}

/** The text of the licence in the folder of a package, or the name of the licence and the author where it has no such file. */
function licenceText(folder: string): string {
  const files = globSync('{LICENSE,LICENCE,License,license,COPYING}{,.md,.txt,-MIT}', { cwd: folder }).sort();
  if (files.length > 0)
    return files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    license?: string;
    author?: string | { name: string };
  };
  const author = typeof manifest.author === 'object' ? manifest.author.name : manifest.author;
  return `${manifest.license}, by ${author ?? 'the authors named in its package.json'}. The package has no file with the text.`;
}
