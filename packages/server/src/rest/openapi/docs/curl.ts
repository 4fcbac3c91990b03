import type { Content, Described, Parameter } from './described.ts';

/** The shell command that calls an operation, with the values of the examples. */
export function curlOf(method: string, path: string, operation: Described): string {
  const { security, parameters, requestBody, responses } = operation;
  const address = `"$ESIM_URL${path.replace(/\{(\w+)\}/g, (_, name) => exampleIn(parameters, name))}"`;
  const keys = ['-H "x-user-id: $ESIM_USER_ID"', '-H "x-api-key: $ESIM_API_KEY"'];
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const isJson = type?.endsWith('json');
  const data = isJson ? quoted(JSON.stringify(media?.example ?? {})) : '@FILE';
  return [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${address}`,
    ...(security.length === 0 ? [] : keys),
    ...(type === undefined
      ? []
      : [`-H 'content-type: ${type}'`, `${isJson ? '-d' : '--data-binary'} ${data}`]),
    ...(isBinary(responses['200']?.content) ? ['-o FILE'] : []),
  ].join(' \\\n  ');
}

function exampleIn(parameters: readonly Parameter[], name: string): string {
  const { example } = parameters.find((parameter) => parameter.name === name) ?? {};
  return example === undefined ? name.toUpperCase() : encodeURIComponent(String(example));
}

/** For a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function isBinary(content: Content = {}): boolean {
  return Object.values(content)[0]?.schema?.format === 'binary';
}
