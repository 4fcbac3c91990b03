/** The folders inside a package: which of them may import which, and how full they may be. */

import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { importGraph, type Source, TEST } from './import-table-read.ts';

/** Per folder, or file, the others of the same package that its files may import. `*`: all of them. */
export type FolderTable = Readonly<Record<string, readonly string[]>>;

/** A file belongs to the longest name in the table that its path begins with. */
export const FOLDERS: Readonly<Record<string, FolderTable>> = {
  smdp: {
    'index.ts': ['*'],
    es9: ['order', 'stock', 'state', 'run.ts', 'ports.ts', 'env.ts'],
    gateway: ['es2', 'order', 'stock', 'state', 'run.ts', 'ports.ts', 'env.ts'],
    es2: ['order', 'stock', 'state', 'run.ts', 'ports.ts', 'env.ts'],
    order: ['stock', 'state', 'run.ts', 'ports.ts', 'env.ts'],
    stock: ['state', 'run.ts', 'ports.ts', 'env.ts'],
    'run.ts': ['ports.ts', 'state', 'env.ts', 'from-caller.ts'],
    'ports.ts': ['state'],
    state: ['env.ts'],
    'env.ts': [],
    'from-caller.ts': [],
  },
  server: {
    'index.ts': ['*'],
    process: ['*'],
    rest: [
      'delivery',
      'accounts',
      'audit',
      'docs',
      'http',
      'install',
      'keys',
      'limits',
      'log',
      'qr',
      'shapes',
      'store/ports',
      'traces',
    ],
    docs: ['http', 'shapes'],
    install: ['http', 'limits', 'log', 'qr', 'shapes', 'store/ports'],
    rsp: ['audit', 'http', 'limits', 'log', 'rsp/es2/client-chain.ts', 'store/ports', 'traces'],
    'rsp/es2/client-chain.ts': [],
    jobs: ['chain', 'delivery', 'limits', 'log', 'store/ports'],
    chain: ['keys', 'limits', 'store/ports'],
    delivery: ['log', 'qr', 'rsp/es2/client-chain.ts', 'shapes', 'store/ports', 'traces'],
    accounts: ['store/ports'],
    audit: ['limits', 'store/ports'],
    http: [],
    metrics: ['http', 'keys', 'limits', 'store/ports'],
    keys: ['limits', 'store/ports'],
    limits: [],
    log: [],
    traces: ['http', 'log', 'store/ports'],
    qr: [],
    shapes: [],
    'store/sqlite': [
      'limits',
      'store/copy',
      'store/sealing',
      'store/statements',
      'store/rows',
      'store/migrations',
      'store/ports',
    ],
    'store/postgres': [
      'limits',
      'store/copy',
      'store/sealing',
      'store/statements',
      'store/rows',
      'store/migrations',
      'store/ports',
    ],
    'store/copy': ['store/ports'],
    'store/sealing': ['store/rows', 'store/ports'],
    'store/statements': ['store/rows', 'store/ports'],
    'store/rows': ['store/ports'],
    'store/migrations': ['store/ports'],
    'store/contract': ['store/rows', 'store/ports'],
    'store/ports': [],
  },
};

/** What is wrong between the folders of one package, a sentence each. */
export function folderViolations(name: string, sources: readonly Source[]): string[] {
  const graph = importGraph(sources);
  const table = FOLDERS[name];
  const where = (file: string) => `packages/${name}/src/${file}`;
  const upward = table === undefined ? [] : upwardImports(table, graph, where);
  const circles = circlesIn(graph).map(
    (circle) => `${circle.map(where).join(', ')} import each other in a circle.`,
  );
  return [...upward, ...circles, ...folderCircles(name, graph)];
}

function upwardImports(
  table: FolderTable,
  graph: ReadonlyMap<string, readonly string[]>,
  where: (file: string) => string,
): string[] {
  return [...graph]
    .filter(([file]) => !TEST.test(file))
    .flatMap(([file, imported]) => {
      const folder = folderOf(table, file);
      if (folder === undefined) return [`${where(file)} is in no folder of the table.`];
      return imported
        .filter((other) => !mayImport(table, folder, folderOf(table, other)))
        .map((other) => `${where(file)} may not import ${other}: ${folder} may not import its folder.`);
    });
}

function folderOf(table: FolderTable, file: string): string | undefined {
  return Object.keys(table)
    .filter((folder) => file === folder || file.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function mayImport(table: FolderTable, from: string, to: string | undefined): boolean {
  const others = table[from] ?? [];
  return to !== undefined && (to === from || others.includes(to) || others.includes('*'));
}

/** Folders of a package that import each other, whether or not there is a table for it. A file outside a folder counts as a folder. */
function folderCircles(name: string, graph: ReadonlyMap<string, readonly string[]>): string[] {
  const topOf = (file: string) => file.split('/')[0] as string;
  const folders = new Map<string, string[]>();
  for (const [file, imported] of graph) {
    if (TEST.test(file)) continue;
    const others = imported.filter((other) => topOf(other) !== topOf(file)).map(topOf);
    folders.set(topOf(file), [...(folders.get(topOf(file)) ?? []), ...others]);
  }
  return circlesIn(folders).map(
    (circle) => `The folders ${circle.join(', ')} of packages/${name}/src import each other in a circle.`,
  );
}

/** A table that allows a circle allows everything. */
export function tableCircles(name: string, table: FolderTable): string[] {
  const graph = new Map(Object.entries(table).map(([folder, others]) => [folder, [...others]]));
  return circlesIn(graph).map((circle) => `The table of ${name} has a circle: ${circle.join(', ')}.`);
}

/** The groups of nodes that reach each other (strongly connected components, by Tarjan). */
export function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (node: string): number => {
    order.set(node, order.size);
    let low = order.get(node) as number;
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (stack.includes(next)) low = Math.min(low, order.get(next) as number);
    }
    if (low !== order.get(node)) return low;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1) circles.push(circle.sort());
    return low;
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return circles;
}

const MOST_FILES = 25;

/** The tree of commands is the tree of files, and migrations only ever get more. */
const MAY_BE_FULL = /\/(?:commands|migrations)(?:\/|$)/;

const SOURCES = ['packages/*/src/**/*.ts', '{test,bench,fuzz,scripts}/**/*.ts'];

/** Folders with too many files. */
export function crowdedFolders(root: string): string[] {
  const folders = globSync(SOURCES, { cwd: root, exclude: ['**/node_modules/**'] }).map((path) =>
    dirname(path.replaceAll('\\', '/')),
  );
  return Object.entries(Object.groupBy(folders, (folder) => folder))
    .filter(([folder, files = []]) => files.length > MOST_FILES && !MAY_BE_FULL.test(folder))
    .map(([folder, files = []]) => `${folder} has ${files.length} files, at most ${MOST_FILES}: divide it.`);
}
