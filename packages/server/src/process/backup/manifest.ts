import { ValueError } from '@esim-rsp/sgp22/value/value-error';

/** The last file of a backup: what is in it. */
export const MANIFEST_FILE = 'manifest.json';
export const FORMAT = 'esim-rsp backup 1';
/** A manifest is small: about 200 octets for each file. */
export const MAX_MANIFEST_BYTES = 16_777_216;

export type ManifestFile = { readonly name: string; readonly size: number; readonly sha256: string };

export type Manifest = {
  readonly format: typeof FORMAT;
  /** Version of the program that wrote the backup. */
  readonly version: string;
  /** ISO 8601. */
  readonly created_at: string;
  /** The id of the master key with which its secrets can be opened. Absent: they are not sealed. */
  readonly master_key?: string;
  readonly files: readonly ManifestFile[];
};

/** Reads a manifest. Throws a ValueError if it has another format. */
export function parseManifest(text: string): Manifest {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text);
  } catch {
    throw new ValueError('its manifest.json is not JSON');
  }
  if (manifest?.format !== FORMAT)
    throw new ValueError(`its format is ${JSON.stringify(manifest?.format)}, but ${FORMAT} is expected`);
  if (!['string', 'undefined'].includes(typeof manifest.master_key))
    throw new ValueError('its manifest.json has no valid master_key');
  if (!Array.isArray(manifest.files) || !manifest.files.every(isFile))
    throw new ValueError('its manifest.json has no valid list of files');
  return manifest;
}

function isFile(file: unknown): file is ManifestFile {
  const { name, size, sha256 } = Object(file) as Record<string, unknown>;
  return (
    typeof name === 'string' &&
    isSafePath(name) &&
    Number.isSafeInteger(size) &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256)
  );
}

/** A relative path that stays in its folder, on every platform. */
export function isSafePath(path: string): boolean {
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\p{Cc}]/u.test(part));
}
