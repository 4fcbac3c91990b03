import { IMAGE_FILE, type SampleCall } from './sample-call.ts';

/** The program in Go that makes the call; it needs the standard library only. */
export function goSample({ method, target, needsKey, json, file, answer }: SampleCall): string {
  const type = json === undefined ? file?.type : 'application/json';
  const isImage = answer === 'image';
  const imports = ['fmt', 'io', 'net/http', 'os', ...(json === undefined ? [] : ['strings'])];
  return [
    'package main',
    '',
    `${IMPORT} (`,
    ...imports.map((name) => `\t"${name}"`),
    ')',
    '',
    'func main() {',
    ...(json === undefined ? [] : [`\tbody := strings.NewReader(${raw(JSON.stringify(json, null, 2))})`]),
    ...(file === undefined
      ? []
      : [`\tbody, err := os.Open("${file.name}")`, ...PANIC, '\tdefer body.Close()']),
    `\trequest, err := http.NewRequest("${method}", os.Getenv("ESIM_URL")+${JSON.stringify(target)}, ${
      type === undefined ? 'nil' : 'body'
    })`,
    ...PANIC,
    ...(needsKey
      ? [
          '\trequest.Header.Set("x-user-id", os.Getenv("ESIM_USER_ID"))',
          '\trequest.Header.Set("x-api-key", os.Getenv("ESIM_API_KEY"))',
        ]
      : []),
    ...(type === undefined ? [] : [`\trequest.Header.Set("content-type", "${type}")`]),
    '\tresponse, err := http.DefaultClient.Do(request)',
    ...PANIC,
    '\tdefer response.Body.Close()',
    '\tanswer, err := io.ReadAll(response.Body)',
    ...PANIC,
    isImage ? '\tfmt.Println(response.Status)' : '\tfmt.Println(response.Status, string(answer))',
    ...(isImage ? [`\tif err := os.WriteFile("${IMAGE_FILE}", answer, 0o600); err != nil {`, ...PANICS] : []),
    '}',
  ].join('\n');
}

/** The word in a sample is not one of this file. */
const IMPORT = 'import';
const PANICS = ['\t\tpanic(err)', '\t}'] as const;
const PANIC = ['\tif err != nil {', ...PANICS] as const;

/** A raw string: it cannot contain a backquote. */
function raw(text: string): string {
  return text.includes('`') ? JSON.stringify(text) : `\`${text.replaceAll('\n', '\n\t')}\``;
}
