import { pairs } from '../../packages/euicc/src/lpa/failure.ts';
import type { ProblemCode } from '../../packages/server/src/rest/frame/problem-code.ts';
import { problemHelp } from '../../packages/server/src/rest/openapi/problem-help.ts';
import { reasons, subjects } from '../../packages/sgp22/src/status.ts';

/** The sections of the guide: what the statuses have in common. A code is in the first that has its first status. */
const sections: readonly { readonly title: string; readonly statuses: readonly number[] }[] = [
  { title: 'The request is not valid (400, 413, 415)', statuses: [400, 413, 415] },
  { title: 'The caller may not do this (401, 403, 429)', statuses: [401, 403, 429] },
  { title: 'It is not there (404, 405, 410)', statuses: [404, 405, 410] },
  { title: 'The state does not allow it (409, 422)', statuses: [409, 422] },
  { title: 'The server cannot do it now (500, 503)', statuses: [500, 503] },
];

/** docs/guide/errors.md, from the tables of codes. */
export function errorsGuide(): string {
  return `# Errors

Each code of an error, what it means, and what to do. \`npm run generate\` writes this page from the tables in the code.

Every error of the REST API is JSON (RFC 9457) with the same members:

\`\`\`json
{
  "type": "about:blank",
  "title": "Not Found",
  "status": 404,
  "detail": "there is no profile 8900101000000000000",
  "instance": "/api/v1/esim/euicc-profiles/8900101000000000000",
  "message": "there is no profile 8900101000000000000",
  "statusCode": 404,
  "code": "profile_not_found",
  "request_id": "3f1c9a52-8a1e-4d0e-9a57-0c7b1f0f6a11"
}
\`\`\`

Decide by \`code\`: it never changes. \`message\` is for people, and its words can change. \`errors\` lists the members of the request that are not valid.
Quote \`request_id\` when you report a fault: the log of the server has it. The [SDK](../../packages/sdk/README.md#errors) throws an \`ApiError\` with these members.

## Send a request again

A POST with the header \`Idempotency-Key\` (a text of your choice for each request) is done once, however often you send it. The SDK sends one by itself. When no answer came, send the
same request with the same key again:

| what happened | what the repeat gets |
|---|---|
| it was answered | the same answer, with \`Idempotency-Replayed: true\`, for a day (\`ESIM_IDEMPOTENCY_HOURS\`) |
| it was refused | it runs again: refusals are not kept |
| it is under way | \`in_progress\` |
| the server stopped before it did anything | \`in_progress\` for a minute; then it runs |
| the server stopped after it created, ordered or changed profiles, or requested that at an upstream | an answer from what was saved, with \`Idempotency-Replayed: true\`: the profile as it is now. Nothing is ordered twice |
| the server stopped after it created an API key, an invitation, an install link or a webhook, or sent a mail or a delivery | \`in_progress\` for a minute; then [\`answer_lost\`](#answer_lost), with what it created. Nothing is created or sent twice |
| the server stopped after it created a template, an upstream, an operator or a core network | \`in_progress\` for a minute; then a refusal, because it exists |

An import has no key, because its rows are many transactions. Send it again: rows that are there are reported as existing.

${sections.map(section).join('\n')}
## What phones are refused with

A phone gets two numbers of SGP.22 (5.2.6.1 and 5.2.6.2): what is at fault, and why. \`esim explain 8.2.6/3.8\` explains a pair, \`esim session list\` shows the latest
downloads, and \`esim session show\` which check refused one.

| codes | in the specification | what it means | what to do |
|---|---|---|---|
${Object.entries(pairs).map(pairLine).join('')}`;
}

function section({ title, statuses }: (typeof sections)[number]): string {
  const own = Object.entries(problemHelp).filter(([, { status }]) => statuses.includes(status[0] ?? 0));
  return `## ${title}\n\n${own.map(([code]) => entry(code as ProblemCode)).join('\n')}`;
}

function entry(code: ProblemCode): string {
  const { status, means, todo } = problemHelp[code];
  return `### ${code}\n\nStatus ${status.join(', ')}. ${means}\n\nWhat to do: ${todo}\n`;
}

function pairLine([pair, [means, todo]]: [string, readonly [string, string]]): string {
  const [subject = '', reason = ''] = pair.split('/');
  const words = [subjects[subject as keyof typeof subjects], reasons[reason as keyof typeof reasons]];
  return `| \`${pair}\` | ${words.join(': ')} | ${means} | ${todo} |\n`;
}
