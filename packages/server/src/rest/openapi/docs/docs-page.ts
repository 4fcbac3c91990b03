import type { Json } from '../openapi.ts';
import { curlOf } from './curl.ts';
import type { Content, Described, Parameter, Response } from './described.ts';
import { type Html, html, joined } from './html.ts';
import { membersTable, type Schema, typeOf } from './shape.ts';

type Page = {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};
type Placed = { readonly path: string; readonly method: string; readonly operation: Described };

export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
nav ul { columns: 18rem; list-style: none; padding: 0; }
section { border-top: 1px solid var(--line); margin-top: 2rem; }
code, pre { font: 0.875em/1.45 ui-monospace, monospace; }
pre { background: var(--soft); border-radius: 4px; overflow-x: auto; padding: 0.75rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top; }
.method { font-weight: 700; }
.need { color: #c33; font-size: 0.8em; }
summary { cursor: pointer; }
`;

/** The OpenAPI document for people: one page without scripts, that loads nothing. */
export function docsPage(document: Json): string {
  const { info, paths, components } = document as unknown as Page;
  const placed = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return String(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title} ${info.version}</title><style>${html.trusted(STYLE)}</style></head><body>
<header><h1>${info.title} ${info.version}</h1><p>${info.description}.
For programs: <a href="/openapi.json">OpenAPI 3.1</a>, <a href="/openapi-3.0.json">OpenAPI 3.0</a>.</p>
<p>Every request but the open ones has two headers, <code>x-user-id</code> and <code>x-api-key</code>. The examples read
both, and the address of this server, from the environment:</p>
<pre>export ESIM_URL=http://127.0.0.1:8080 ESIM_USER_ID=your-user-id ESIM_API_KEY=your-api-key</pre></header>
<main><nav aria-label="Operations"><ul>${joined(placed.map(entry))}</ul></nav>
${joined(placed.map(section))}
<section><h2>Shapes</h2>${joined(Object.entries(components.schemas).map(shape))}</section></main></body></html>`);
}

function entry({ operation }: Placed): Html {
  const { operationId } = operation;
  return html`<li><a href="#${operationId}">${operationId}</a></li>`;
}

function section({ path, method, operation }: Placed): Html {
  const { operationId, summary, security, parameters, requestBody, responses } = operation;
  return html`<section id="${operationId}"><h2>${operationId}</h2>
<p>${summary}.${security.length === 0 ? ' No key is needed.' : ''}</p>
<p><code><span class="method">${method}</span> ${path}</code></p>
${parameters.length > 0 && parametersTable(parameters)}
${requestBody && html`<h3>Body</h3>${bodies(requestBody.content)}`}
<h3>Example</h3><pre>${curlOf(method, path, operation)}</pre>
<h3>Answers</h3>${joined(Object.entries(responses).map(answer))}</section>
`;
}

function parametersTable(parameters: readonly Parameter[]): Html {
  const rows = parameters.map(
    ({ name, in: place, required, schema, description }) =>
      html`<tr><td><code>${name}</code>${required && html` <span class="need">required</span>`}</td><td>${place}</td>
<td>${typeOf(schema)}</td><td>${description}</td></tr>`,
  );
  return html`<h3>Parameters</h3><div class="wide"><table><tr><th>name</th><th>in</th><th>type</th><th>meaning</th></tr>
${joined(rows)}</table></div>`;
}

function bodies(content: Content): Html {
  return joined(
    Object.entries(content).map(
      ([type, { schema, example }]) => html`<p><code>${type}</code>${schema && html`: ${typeOf(schema)}`}</p>
${example !== undefined && html`<pre>${JSON.stringify(example, null, 2)}</pre>`}`,
    ),
  );
}

function answer([status, { description, content }]: [string, Response]): Html {
  if (content === undefined) return html`<p><b>${status}</b> ${description}</p>`;
  return html`<details><summary><b>${status}</b> ${description}</summary>${bodies(content)}</details>`;
}

function shape([name, schema]: [string, Schema]): Html {
  return html`<h3 id="shape-${name}">${name}</h3><p>${schema.description}</p>${membersTable(schema)}`;
}
