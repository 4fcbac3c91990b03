import { html, joined } from '../shapes/html.ts';
import { groups } from './contents.ts';
import { frame } from './frame.ts';
import { GUIDES } from './site.ts';

type Addresses = { readonly styles: readonly string[]; readonly scripts: readonly string[] };

/** The page of the API reference: a script builds it from /openapi.json. Until it has, and without scripts, the page says where everything is. */
export function referencePage(addresses: Addresses): string {
  const guides = groups.map(
    ({ title, pages }) => html`<h3>${title}</h3>
<ul>${joined(pages.map(({ name, label }) => html`<li><a href="${GUIDES}/${name}">${label}</a></li>\n`))}</ul>`,
  );
  const content = html`<div id="content">
<main id="plain"><h1>API reference</h1>
<p>A script builds the list of operations here. Without scripts, use the document itself:</p>
<p>Every operation, with its parameters, permissions, answers and errors, is in the OpenAPI document of this server:
<a href="/openapi.json">OpenAPI 3.1</a>, and <a href="/openapi-3.0.json">OpenAPI 3.0</a> for older programs. It has samples for
curl, the SDK, Python, Go and PHP (<code>x-codeSamples</code>).</p>
<h2>Guides</h2>
${joined(guides)}</main>
<div id="reference"></div></div>`;
  return frame({ title: 'API reference – esim-rsp', ...addresses }, 'api', content);
}
