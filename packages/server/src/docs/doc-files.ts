import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type CodedFile, codedFile, codings } from '../http/coded-file.ts';
import { guideIndex, guidePage } from './guide-page.ts';
import { referencePage } from './reference-page.ts';
import { ASSETS, allPages, DOCS, FILES, GUIDES, IMAGES, linkedFiles } from './site.ts';
import { readBundle, readBytes } from './sources.ts';

/** Paths of the documentation, as the router writes them. */
export const DOC_ROUTES = [
  DOCS,
  GUIDES,
  `${GUIDES}/:page`,
  `${ASSETS}/:asset`,
  `${IMAGES}/:image`,
  `${FILES}/:file`,
] as const;

/** What the server sends for a path of the documentation. */
export type DocFile = {
  readonly type: string;
  readonly policy: string;
  /** Whether its address changes with its content. */
  readonly isHashed: boolean;
  readonly codings: readonly CodedFile[];
};

const NOTHING = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"];
const policies = {
  file: NOTHING.join('; '),
  image: [...NOTHING, "style-src 'unsafe-inline'"].join('; '),
  guide: [...NOTHING, "style-src 'self'", "img-src 'self'"].join('; '),
  /** The library puts its styles into the page. Its scripts and its requests are of this server only. */
  reference: [
    ...NOTHING,
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
  ].join('; '),
} as const;

const HTML = 'text/html; charset=utf-8';
const assetTypes = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' } as const;
type Asset = { readonly address: string; readonly name: string; readonly file: Promise<DocFile> };

const compress = promisify(gzip);

const files = new Map<string, Promise<DocFile | undefined>>();

/** The file at a path; it is read or rendered at its first request. Undefined: there is none. */
export function docFileAt(path: string): Promise<DocFile | undefined> {
  const known = files.get(path);
  if (known !== undefined) return known;
  const made = makeFile(path);
  if (made === undefined) return Promise.resolve(undefined);
  files.set(path, made);
  return made;
}

/** Undefined: there is no such file. So only paths of files are remembered. */
function makeFile(path: string): Promise<DocFile> | undefined {
  const { base, guide, reference, start, bundle } = assets();
  const guideStyles = [base.address, guide.address];
  if (path === DOCS) {
    const scripts = bundle === undefined ? [] : [bundle.address, start.address];
    const page = referencePage({ styles: [base.address, reference.address], scripts });
    return textFile(HTML, policies.reference, page);
  }
  if (path === GUIDES) return textFile(HTML, policies.guide, guideIndex(guideStyles));
  const [, folder = '', name = ''] = /^\/docs\/(\w+)\/(.+)$/.exec(path) ?? [];
  if (folder === 'assets')
    return [base, guide, reference, start, bundle].find((asset) => asset?.name === name)?.file;
  if (folder === 'guide') {
    const page = allPages().get(name);
    return page && textFile(HTML, policies.guide, guidePage(page, guideStyles));
  }
  if (folder === 'images') return imageFile(name);
  const source = folder === 'files' ? linkedFiles().get(name) : undefined;
  const content = source === undefined ? undefined : readBytes(source);
  return content && textFile('text/plain; charset=utf-8', policies.file, content);
}

function imageFile(name: string): Promise<DocFile> | undefined {
  const [, ending] = /^[\w-]+\.(svg|png)$/.exec(name) ?? [];
  const content = ending === undefined ? undefined : readBytes(`docs/images/${name}`);
  return content && textFile(ending === 'svg' ? 'image/svg+xml' : 'image/png', policies.image, content);
}

let read: ReturnType<typeof readAssets> | undefined;

function assets() {
  read ??= readAssets();
  return read;
}

function readAssets() {
  const own = (name: string) => readFileSync(join(import.meta.dirname, name));
  const bundle = readBundle();
  return {
    base: asset('base.css', { identity: own('base.css') }),
    guide: asset('guide.css', { identity: own('guide.css') }),
    reference: asset('reference.css', { identity: own('reference.css') }),
    start: asset('reference.js', { identity: own('reference.js') }),
    bundle: bundle && asset('scalar.js', bundle),
  };
}

/** A file under a name that changes with its content. */
function asset(fileName: string, content: Partial<Record<CodedFile['coding'], Buffer>>): Asset {
  const [name = '', ending = ''] = fileName.split('.');
  const hashed = `${name}-${hash('sha256', content.identity ?? '', 'base64url').slice(0, 10)}.${ending}`;
  const type = assetTypes[ending as keyof typeof assetTypes];
  const file = codedOf(content).then((coded) => {
    return { type, policy: policies.file, isHashed: true, codings: coded };
  });
  return { name: hashed, address: `${ASSETS}/${hashed}`, file };
}

async function textFile(type: string, policy: string, content: string | Buffer): Promise<DocFile> {
  return { type, policy, isHashed: false, codings: await codedOf({ identity: Buffer.from(content) }) };
}

/** The codings from small to large; gzip is made if no compressed form is there. */
async function codedOf(content: Partial<Record<CodedFile['coding'], Buffer>>): Promise<readonly CodedFile[]> {
  const identity = content.identity ?? Buffer.alloc(0);
  const all = { ...content, gzip: content.gzip ?? (await compress(identity)), identity };
  return (Object.keys(codings) as CodedFile['coding'][]).flatMap((coding) => {
    const body = all[coding];
    return body === undefined ? [] : [codedFile(coding, body)];
  });
}
