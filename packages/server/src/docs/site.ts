import { type Group, groups, type Page } from './contents.ts';
import { type AddressOf, type Heading, type Rendered, renderMarkdown } from './markdown.ts';
import { documentsIn, filesIn, readDocument } from './sources.ts';

export const DOCS = '/docs';
export const GUIDES = `${DOCS}/guide`;
export const ASSETS = `${DOCS}/assets`;
export const IMAGES = `${DOCS}/images`;
export const FILES = `${DOCS}/files`;

const DECISIONS = 'docs/adr';

/** Pages that are in no list of their own: the decisions. */
const decisions = (): readonly Page[] =>
  documentsIn(DECISIONS).map((file) => {
    const name = file.replace(/\.md$/, '');
    return {
      name: `decision-${name}`,
      label: `Decision ${Number(name.slice(0, 4))}`,
      source: `${DECISIONS}/${file}`,
    };
  });

let pages: ReadonlyMap<string, Page> | undefined;

/** All pages, by name. */
export function allPages(): ReadonlyMap<string, Page> {
  pages ??= new Map(
    [...groups.flatMap(({ pages }) => pages), ...decisions()].map((page) => [page.name, page] as const),
  );
  return pages;
}

/** Where files are that guides link to: what an operator copies. */
const COPIED = ['deploy', 'docs/guide/proxies'];

let copied: ReadonlyMap<string, string> | undefined;

/** The paths of these files by their names, which are different. */
export function linkedFiles(): ReadonlyMap<string, string> {
  copied ??= new Map(
    [...COPIED.flatMap(filesIn), '.env.example'].map((path) => [nameOf(path), path] as const),
  );
  return copied;
}

/** Where something of the repository is on the site. */
export const addressOf: AddressOf = (path) => {
  if (path === 'README.md') return GUIDES;
  const page = [...allPages().values()].find(({ source }) => source === path);
  if (page !== undefined) return `${GUIDES}/${page.name}`;
  if (/^docs\/images\/[\w-]+\.(?:svg|png)$/.test(path)) return `${IMAGES}/${nameOf(path)}`;
  const name = nameOf(path);
  return linkedFiles().get(name) === path ? `${FILES}/${name}` : undefined;
};

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export type { Group, Heading, Page, Rendered };

/** A page as HTML. */
export function renderPage({ source }: Page): Rendered {
  const folder = source === DECISIONS ? `${DECISIONS}/list.md` : source;
  return renderMarkdown(readDocument(source), folder, addressOf);
}

/** The first sentence of a page, for lists of pages. */
export function summaryOf({ source }: Page): string {
  const paragraph = readDocument(source)
    .split('\n\n')
    .slice(1)
    .find((part) => /^[\w`*[]/.test(part));
  const text = (paragraph ?? '')
    .replaceAll('\n', ' ')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/`|\*\*/g, '');
  return /^.*?[.:](?=\s|$)/.exec(text)?.[0].replace(/:$/, '.') ?? text;
}
