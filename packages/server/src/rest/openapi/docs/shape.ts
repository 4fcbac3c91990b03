import { type Html, html, joined } from './html.ts';

/** A JSON Schema, as far as the page shows it. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
};

/** What a value of the shape is, in a few words; a named shape is a link. */
export function typeOf(schema: Schema): Html {
  const { $ref, items, anyOf, oneOf, properties } = schema;
  if ($ref !== undefined) {
    const name = $ref.replace(/.*\//, '');
    return html`<a href="#shape-${name}">${name}</a>`;
  }
  const choices = anyOf ?? oneOf;
  if (choices) return joined(choices.map((choice, i) => html`${i > 0 && ' or '}${typeOf(choice)}`));
  if (items) return html`array of ${typeOf(items)}`;
  if (properties) return membersTable(schema);
  return html`${wordFor(schema)}${limitsOf(schema)}`;
}

function wordFor({ type, format, const: only, enum: values }: Schema): string {
  if (only !== undefined) return JSON.stringify(only);
  if (values !== undefined) return values.join(', ');
  return format ?? (Array.isArray(type) ? type.join(' or ') : String(type ?? 'any'));
}

function limitsOf({ minimum, maximum, minLength, maxLength, pattern, default: usual }: Schema): Html {
  const [least, most] = [minimum ?? minLength, maximum ?? maxLength];
  const unit = minLength ?? maxLength;
  const range = `${least ?? '…'} to ${most ?? '…'}${unit === undefined ? '' : ' characters'}`;
  return html`${(least ?? most) !== undefined && `, ${range}`}${usual !== undefined && `, default ${usual}`}${
    pattern !== undefined && html`, <code>${pattern}</code>`
  }`;
}

/** A table of the members of an object. Shapes of other kinds are said in words. */
export function membersTable(schema: Schema): Html {
  const { properties, required = [] } = schema;
  if (properties === undefined) return typeOf(schema);
  const rows = Object.entries(properties).map(
    ([name, member]) =>
      html`<tr><td><code>${name}</code>${required.includes(name) && html` <span class="need">required</span>`}</td>
<td>${typeOf(member)}</td><td>${member.description}</td></tr>`,
  );
  return html`<div class="wide"><table><tr><th>member</th><th>type</th><th>meaning</th></tr>${joined(rows)}</table></div>`;
}
