import type { SampleCall } from './sample-call.ts';

/** The program in TypeScript or JavaScript that makes the call with the SDK; undefined: the SDK has no such call. */
export function sdkSample(call: SampleCall): string | undefined {
  if (!call.target.startsWith('/api/')) return undefined;
  return [
    ...(call.file === undefined ? [] : ["import { openAsBlob } from 'node:fs';"]),
    ...(call.answer === 'image' ? ["import { writeFile } from 'node:fs/promises';"] : []),
    "import { ESIMRSPApi } from '@esim-rsp/sdk';",
    '',
    '// The account and its key: ESIM_USER_ID and ESIM_API_KEY in the environment',
    "const api = new ESIMRSPApi({ baseURL: process.env.ESIM_URL ?? 'http://127.0.0.1:8080' });",
    ...statements(call),
  ].join('\n');
}

function statements(call: SampleCall): string[] {
  const { operationId, inPath, query, json, file, answer } = call;
  const request = json ?? query;
  const args = [...inPath, ...(request === undefined ? [] : [request])].map((value) => literal(value));
  const called = (more: readonly string[] = args) => `api.${operationId}(${more.join(', ')})`;
  if (file !== undefined)
    return [
      `const source = await openAsBlob('${file.name}');`,
      `for await (const report of ${called(['source', "{ format: 'csv' }"])}) console.log(report);`,
    ];
  if (answer === 'text') return [`for await (const line of ${called()}) console.log(line);`];
  if (answer === 'nothing') return [`const { status } = await ${called()};`, 'console.log(status);'];
  if (answer === 'image')
    return [
      `const { data: file } = await ${called()};`,
      'await writeFile(file.name, new Uint8Array(await file.arrayBuffer()));',
    ];
  return [`const { data } = await ${called()};`, 'console.log(data);'];
}

/** A value as the source of a program writes it. */
function literal(value: unknown, indent = ''): string {
  if (typeof value === 'string') return textLiteral(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, indent)).join(', ')}]`;
  const members = Object.entries(value).map(([name, member]) => `${key(name)}: ${literal(member, inner)}`);
  if (members.length === 0) return '{}';
  const line = `{ ${members.join(', ')} }`;
  return line.length <= 60 && !line.includes('\n')
    ? line
    : `{\n${members.map((member) => `${inner}${member},\n`).join('')}${indent}}`;
}

function textLiteral(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1);
  return `'${inner.replace(/\\.|'/g, (sign) => ({ '\\"': '"', "'": "\\'" })[sign] ?? sign)}'`;
}

function key(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : textLiteral(name);
}
