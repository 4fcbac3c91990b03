import { IMAGE_FILE, type SampleCall } from './sample-call.ts';

/** The program in PHP that makes the call, with the extension curl. */
export function phpSample({ method, target, needsKey, json, file, answer }: SampleCall): string {
  const type = json === undefined ? file?.type : 'application/json';
  const headers = [
    ...(needsKey
      ? ["'x-user-id: ' . getenv('ESIM_USER_ID'),", "'x-api-key: ' . getenv('ESIM_API_KEY'),"]
      : []),
    ...(type === undefined ? [] : [`'content-type: ${type}',`]),
  ];
  const body =
    json !== undefined
      ? quoted(JSON.stringify(json, null, 2).replaceAll('\n', '\n    '))
      : file && `file_get_contents('${file.name}')`;
  return [
    '<?php',
    `$request = curl_init(getenv('ESIM_URL') . ${quoted(target)});`,
    'curl_setopt_array($request, [',
    `    CURLOPT_CUSTOMREQUEST => '${method}',`,
    '    CURLOPT_RETURNTRANSFER => true,',
    ...(headers.length === 0
      ? []
      : ['    CURLOPT_HTTPHEADER => [', ...headers.map((line) => `        ${line}`), '    ],']),
    ...(body === undefined ? [] : [`    CURLOPT_POSTFIELDS => ${body},`]),
    ']);',
    '$answer = curl_exec($request);',
    answer === 'image'
      ? `file_put_contents('${IMAGE_FILE}', $answer);`
      : "echo curl_getinfo($request, CURLINFO_RESPONSE_CODE), ' ', $answer, PHP_EOL;",
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
