import { IMAGE_FILE, type SampleCall } from './sample-call.ts';

/** The shell command that makes the call. */
export function curlSample({ method, target, needsKey, json, file, answer }: SampleCall): string {
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}"$ESIM_URL${target}"`,
    ...(needsKey ? ['-H "x-user-id: $ESIM_USER_ID"', '-H "x-api-key: $ESIM_API_KEY"'] : []),
    ...(json === undefined ? [] : ["-H 'content-type: application/json'", `-d ${quoted(json)}`]),
    ...(file === undefined ? [] : [`-H 'content-type: ${file.type}'`, `--data-binary @${file.name}`]),
    ...(answer === 'image' ? [`-o ${IMAGE_FILE}`] : []),
  ];
  return lines.join(' \\\n  ');
}

/** JSON for a shell, whatever is in it. */
function quoted(json: unknown): string {
  return `'${JSON.stringify(json).replaceAll("'", `'\\''`)}'`;
}
