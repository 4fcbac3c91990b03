import type { Json } from './openapi.ts';

/** 3.0 has no identifiers of SPDX. */
const APACHE_2 = 'https://www.apache.org/licenses/LICENSE-2.0';

/** The same document for generators that read OpenAPI 3.0 only: JSON Schema of 2020 in the words of 2016. */
export function openApi30(document: Json): Json {
  const { info, paths, components, ...rest } = document as Record<string, Json>;
  const { license, ...about } = (info ?? {}) as { license?: Record<string, unknown> };
  const { identifier: _, ...licenseOf30 } = license ?? {};
  const { webhooks: __, ...more } = rest;
  return {
    ...more,
    openapi: '3.0.3',
    info: { ...about, ...(license && { license: { ...licenseOf30, url: APACHE_2 } }) },
    paths: convertSchemas(paths),
    components: convertSchemas(withoutWebhooks(document as Record<string, Json>)),
  };
}

/** The components without the schemas that only webhooks use: 3.0 has none. */
function withoutWebhooks({ paths, webhooks, components }: Readonly<Record<string, Json>>): Json {
  const schemas = (components?.schemas ?? {}) as Readonly<Record<string, Json>>;
  const kept = namesIn(paths, schemas);
  const dropped = namesIn(webhooks, schemas).difference(kept);
  const others = Object.entries(schemas).filter(([name]) => !dropped.has(name));
  return { ...components, schemas: Object.fromEntries(others) };
}

/** The named schemas that a part of the document uses, also through others. */
function namesIn(
  part: unknown,
  schemas: Readonly<Record<string, Json>>,
  found = new Set<string>(),
): Set<string> {
  for (const [, name = ''] of JSON.stringify(part ?? {}).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    if (found.has(name)) continue;
    found.add(name);
    namesIn(schemas[name], schemas, found);
  }
  return found;
}

/** A copy with every schema inside said in the older words; examples are values, and stay. */
function convertSchemas(part: unknown, member = ''): unknown {
  if (typeof part !== 'object' || part === null || member === 'example') return part;
  if (Array.isArray(part)) return part.map((item) => convertSchemas(item));
  return Object.fromEntries(
    Object.entries(part).flatMap(([name, value]) => {
      if (name === 'x-codeSamples') return []; // for people, who read the page of 3.1
      if (name === 'schema') return [[name, schemaOf30(value)]];
      if (name === 'schemas') return [[name, eachSchema(value)]];
      return [[name, convertSchemas(value, name)]];
    }),
  );
}

function eachSchema(schemas: Readonly<Record<string, Json>>): Json {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, schemaOf30(schema)]));
}

type Schema = Readonly<Record<string, unknown>>;

/** One schema: `const`, `examples`, a list of types, `null` and exclusive limits have other names in 3.0. */
function schemaOf30(schema: Schema | boolean): Json {
  if (typeof schema === 'boolean') return schema ? {} : { not: {} };
  if (schema.$ref !== undefined) return { $ref: schema.$ref }; // 3.0 allows no other members next to it
  const written: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(schema)) Object.assign(written, wordOf30(name, value));
  return written;
}

function wordOf30(name: string, value: unknown): Json {
  switch (name) {
    case 'const':
      return value === null ? { nullable: true, enum: [null] } : { enum: [value] };
    case 'examples':
      return { example: (value as unknown[])[0] };
    case 'type':
      return typeOf30(value);
    case 'exclusiveMinimum':
      return { minimum: value, exclusiveMinimum: true };
    case 'exclusiveMaximum':
      return { maximum: value, exclusiveMaximum: true };
    case 'properties':
      return { properties: eachSchema(value as Readonly<Record<string, Json>>) };
    case 'patternProperties': {
      const [first] = Object.values(value as Readonly<Record<string, Schema>>);
      return first === undefined ? {} : { additionalProperties: schemaOf30(first) };
    }
    case 'items':
    case 'not':
      return { [name]: schemaOf30(value as Schema) };
    case 'additionalProperties':
      return { [name]: typeof value === 'boolean' ? value : schemaOf30(value as Schema) };
    case 'anyOf':
    case 'oneOf':
    case 'allOf':
      return alternatives(name, value as readonly Schema[]);
    case 'contentEncoding':
    case 'contentMediaType':
    case 'propertyNames':
    case 'unevaluatedProperties':
    case '$schema':
    case '$comment':
      return {};
    default:
      return { [name]: value };
  }
}

function typeOf30(type: unknown): Json {
  if (!Array.isArray(type)) return type === 'null' ? { nullable: true, enum: [null] } : { type };
  const types = type.filter((one) => one !== 'null');
  const nullable = types.length < type.length ? { nullable: true } : {};
  if (types.length === 1) return { type: types[0], ...nullable };
  return { anyOf: types.map((one) => ({ type: one })), ...nullable };
}

function alternatives(name: string, schemas: readonly Schema[]): Json {
  const real = schemas.filter(({ type }) => type !== 'null').map(schemaOf30);
  return { [name]: real, ...(real.length < schemas.length && { nullable: true }) };
}
