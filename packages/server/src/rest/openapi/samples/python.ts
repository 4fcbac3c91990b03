import { IMAGE_FILE, type SampleCall } from './sample-call.ts';

/** The program in Python 3 that makes the call; it needs no package. */
export function pythonSample({ method, target, needsKey, json, file, answer }: SampleCall): string {
  const body =
    json !== undefined
      ? `json.dumps(${literal(json, '    ')}).encode()`
      : file && `open(${JSON.stringify(file.name)}, "rb")`;
  const type = json === undefined ? file?.type : 'application/json';
  const headers = [
    ...(needsKey
      ? ['"x-user-id": os.environ["ESIM_USER_ID"],', '"x-api-key": os.environ["ESIM_API_KEY"],']
      : []),
    ...(type === undefined ? [] : [`"content-type": "${type}",`]),
  ];
  const usesJson = json !== undefined || answer === 'json';
  return [
    ...(usesJson ? ['import json'] : []),
    'import os',
    'import urllib.request',
    '',
    'request = urllib.request.Request(',
    `    os.environ["ESIM_URL"] + ${JSON.stringify(target)},`,
    ...(method === 'GET' ? [] : [`    method="${method}",`]),
    ...(headers.length === 0 ? [] : ['    headers={', ...headers.map((line) => `        ${line}`), '    },']),
    ...(body === undefined ? [] : [`    data=${body},`]),
    ')',
    'with urllib.request.urlopen(request) as response:',
    ...results[answer].map((line) => `    ${line}`),
  ].join('\n');
}

const results: Readonly<Record<SampleCall['answer'], readonly string[]>> = {
  json: ['print(json.load(response))'],
  nothing: ['print(response.status)'],
  text: ['for line in response:', '    print(line.decode().rstrip())'],
  image: [`with open("${IMAGE_FILE}", "wb") as code:`, '    code.write(response.read())'],
};

/** A value of JSON as Python writes it: strings are the same in both. */
function literal(value: unknown, indent: string): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, indent)).join(', ')}]`;
  const inner = `${indent}    `;
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}: ${literal(member, inner)}`,
  );
  const line = `{${members.join(', ')}}`;
  return line.length <= 60 && !line.includes('\n')
    ? line
    : `{\n${members.map((member) => `${inner}${member},\n`).join('')}${indent}}`;
}
