import { hash } from 'node:crypto';

/** The content of a file in one coding. */
export type CodedFile = {
  readonly coding: 'br' | 'gzip' | 'identity';
  readonly etag: string;
  readonly body: Buffer;
};

/** The endings of compressed files, from small to large. */
export const codings = { br: '.br', gzip: '.gz', identity: '' } as const;

export function codedFile(coding: CodedFile['coding'], body: Buffer): CodedFile {
  return { coding, body, etag: `"${hash('sha256', body, 'base64url').slice(0, 22)}"` };
}

/** The first coding that the client takes: they are sorted from small to large, and the last is identity. */
export function codedFor(accepted: string | undefined, files: readonly CodedFile[]): CodedFile {
  const taken = (accepted ?? '')
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .filter((one) => !/;\s*q=0(\.0*)?$/.test(one))
    .map((one) => one.split(';')[0]?.trim());
  const found = files.find(({ coding }) => coding === 'identity' || taken.includes(coding));
  return found as CodedFile;
}

/** Whether the client has the file already (`If-None-Match`). */
export function isKnown(tags: string | undefined, { etag }: CodedFile): boolean {
  return tags?.split(',').some((one) => one.trim() === etag) === true;
}
