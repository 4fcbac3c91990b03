import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'schemas');

/** Installs the schemas if they are not there. Why not, if that fails. */
export function installSchemas(): string | false {
  if (existsSync(join(FOLDER, 'node_modules', '.package-lock.json'))) return false;
  try {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: FOLDER, stdio: 'pipe' });
    return false;
  } catch (error) {
    return `the schemas could not be installed: ${(error as Error).message}`;
  }
}

/** A package of the folder `schemas`, or a module of it. */
export const schemaPackage = (name: string) => createRequire(join(FOLDER, 'package.json'))(name);

/** The documents of a YAML file. */
export function readYaml(path: string): readonly unknown[] {
  const { parseAllDocuments } = schemaPackage('yaml');
  return parseAllDocuments(readFileSync(path, 'utf8'), { merge: true }).map(
    (document: { errors: unknown[]; toJS(): unknown }) => {
      if (document.errors.length > 0) throw new Error(`${path}: ${document.errors}`);
      return document.toJS();
    },
  );
}

/** Where the packages of the folder `schemas` are. */
export const SCHEMA_MODULES = join(FOLDER, 'node_modules');
