/**
 * `npm run generate`: writes packages/sdk/src/models.ts, the SDK's models, from the shapes of the REST API's operations.
 * A shape becomes an interface or a type, its descriptions become docstrings, and a list of values becomes a constant too.
 */

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TSchema } from '@sinclair/typebox';
import { WebhookMessage } from '../packages/server/src/delivery/webhooks/messages.ts';
import { Problem } from '../packages/server/src/rest/frame/problem.ts';
import { labOperations } from '../packages/server/src/rest/lab/operations.ts';
import { operations } from '../packages/server/src/rest/operations.ts';
import { aboutOf, basesOf, nameOf } from '../packages/server/src/shapes/shape.ts';

const ROOT = join(import.meta.dirname, '..');
export const MODELS = join(ROOT, 'packages/sdk/src/models.ts');

const HEAD = `// Generated from the shapes of the REST API: change those, and run \`npm run generate\`.
`;

/** The source text of the models. */
export function sdkModels(): string {
  const declared = new Map<string, string>();
  const write = (shape: TSchema) => void typeOf(shape, (name, text) => declare(declared, name, text));
  for (const { query, body, answers } of [...operations, ...labOperations])
    for (const shape of [query, body, ...Object.values(answers).map(({ schema }) => schema)])
      if (shape !== undefined) write(shape);
  write(Problem);
  write(WebhookMessage);
  return formatted(MODELS, [HEAD, ...declared.values()].join('\n'));
}

/** A declaration of that name, made by `text`, unless there is one. It comes before those that it refers to. */
type Declare = (name: string, text: () => string) => void;

function declare(declared: Map<string, string>, name: string, text: () => string): void {
  if (declared.has(name)) return;
  declared.set(name, '');
  declared.set(name, text());
}

/** The TypeScript type of a shape; a shape with a name is declared, and referred to. */
export function typeOf(shape: TSchema, declare: Declare): string {
  const named = nameOf(shape);
  if (named === undefined) return typeInPlace(shape, declare);
  declare(named.name, () => declarationOf(shape, named.name, named.about, declare));
  return named.name;
}

function declarationOf(shape: TSchema, name: string, about: string | undefined, declare: Declare): string {
  const doc = docOf([about]);
  if (shape.type === 'object') {
    const bases = basesOf(shape);
    const parents = bases.map((base) => typeOf(base, declare)).join(', ');
    const heading = parents === '' ? name : `${name} extends ${parents}`;
    return `${doc}export interface ${heading} {\n${membersOf(shape, bases, declare)}}\n`;
  }
  if (Array.isArray(shape.enum) && shape.type === 'string') {
    const list = listNameOf(name);
    const values = shape.enum.map((value) => JSON.stringify(value)).join(', ');
    const listDoc = docOf([`The values of \`${name}\``]);
    return `${listDoc}export const ${list} = [${values}] as const;\n${doc}export type ${name} = (typeof ${list})[number];\n`;
  }
  return `${doc}export type ${name} = ${typeInPlace(shape, declare)};\n`;
}

function membersOf(shape: TSchema, bases: readonly TSchema[], declare: Declare): string {
  const required: readonly string[] = shape.required ?? [];
  const inherited = (name: string, member: TSchema) =>
    bases.some(
      (base) =>
        base.properties?.[name] === member &&
        (base.required ?? []).includes(name) === required.includes(name),
    );
  return Object.entries<TSchema>(shape.properties)
    .filter(([name, member]) => !inherited(name, member))
    .map(([name, member]) => {
      const doc = docOf([aboutOf(member), limitsOf(member)]);
      return `${doc}${name}${required.includes(name) ? '' : '?'}: ${typeOf(member, declare)};\n`;
    })
    .join('');
}

function typeInPlace(shape: TSchema, declare: Declare): string {
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  if (Array.isArray(shape.enum)) return shape.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (shape.anyOf) return shape.anyOf.map((one: TSchema) => typeOf(one, declare)).join(' | ');
  if (Array.isArray(shape.type))
    return shape.type.map((type: string) => typeInPlace({ ...shape, type }, declare)).join(' | ');
  switch (shape.type) {
    case 'object':
      return `{\n${membersOf(shape, [], declare)}}`;
    case 'array':
      return arrayOf(typeOf(shape.items, declare));
    case 'integer':
      return 'number';
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return shape.type;
    default:
      throw new Error(`There is no TypeScript for the shape ${JSON.stringify(shape)}.`);
  }
}

function arrayOf(item: string): string {
  return item.includes(' ') ? `(${item})[]` : `${item}[]`;
}

/** `EUICCProfileState` → `euiccProfileStates`, `ProfileClass` → `profileClasses`. */
function listNameOf(type: string): string {
  const name = type.replace(/^(?:[A-Z]+(?=[A-Z][a-z])|[A-Z])/, (letters) => letters.toLowerCase());
  if (name.endsWith('Rows')) return name;
  return name.endsWith('s') ? `${name}es` : `${name}s`;
}

/** What validation says of a number, a time or a default, in words. */
function limitsOf({ type, format, minimum, maximum, default: usual }: TSchema): string | undefined {
  if (format === 'date-time') return 'ISO 8601';
  const range =
    type === 'integer' && minimum !== undefined && maximum < Number.MAX_SAFE_INTEGER
      ? `${minimum} to ${maximum}`
      : undefined;
  const otherwise = usual === undefined ? undefined : `default ${JSON.stringify(usual)}`;
  const words = [range, otherwise].filter((text) => text !== undefined).join('; ');
  return words === '' ? undefined : words.charAt(0).toUpperCase() + words.slice(1);
}

const WIDTH = 110;

/** Sentences as a comment, on one line if they fit. A sentence that begins with a tag, such as `@returns`, has its own line. */
export function docOf(sentences: readonly (string | undefined)[]): string {
  const text = sentences.flatMap((sentence) => (sentence === undefined ? [] : [`${sentence}.`])).join(' ');
  if (text === '') return '';
  const isTagged = / @\w+ /.test(text);
  if (text.length + 7 <= WIDTH && !isTagged) return `/** ${text} */\n`;
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) as string;
    if (last.length + word.length + 4 > WIDTH || word.startsWith('@')) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return `/**\n${lines.map((line) => ` * ${line}\n`).join('')} */\n`;
}

/** As the formatter of this repository writes that file. */
export function formatted(file: string, source: string): string {
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'format', `--stdin-file-path=${file}`];
  return execFileSync(process.execPath, args, { cwd: ROOT, input: source, encoding: 'utf8' });
}

if (import.meta.main) writeFileSync(MODELS, sdkModels());
