import type { Content, Operation, Route, Schema } from './description.ts';
import { cell, renderProperties, typeOf } from './render-schema.ts';

/** A section of a page: what the operation does, what it takes and what it answers. */
export function renderOperation({ method, path, operation }: Route): string {
  const { summary, operationId, description, deprecated, security = [] } = operation;
  const blocks = [
    `## ${summary} {#${operationId}}`,
    `\`\`\`http\n${method} ${path}\n\`\`\``,
    deprecated ? '::: warning Deprecated\nA later release removes this.\n:::' : '',
    description === undefined ? '' : cell(description),
    security.length === 0 ? 'Needs no token.' : '',
    parameters(operation),
    body(operation),
    answers(operation),
  ];
  return blocks.filter(Boolean).join('\n\n');
}

const PLACES = [
  ['path', 'Path'],
  ['query', 'Query'],
  ['header', 'Headers'],
] as const;

function parameters({ parameters: all = [] }: Operation): string {
  const tables = PLACES.map(([place, title]) => {
    const own = all.filter((parameter) => parameter.in === place);
    if (own.length === 0) return '';
    const properties = Object.fromEntries(
      own.map(({ name, schema, ...rest }) => [name, { ...schema, ...rest }]),
    );
    const required = own.filter((parameter) => parameter.required).map(({ name }) => name);
    return `**${title}**\n\n${renderProperties({ properties, required } as Schema)}`;
  });
  return tables.filter(Boolean).join('\n\n');
}

function body({ requestBody }: Operation): string {
  const [schema] = schemasOf(requestBody?.content);
  return schema === undefined ? '' : `**Body**\n\n${renderProperties(schema)}`;
}

function answers({ responses }: Operation): string {
  const rows = Object.entries(responses).map(([status, { description, content }]) => {
    const meaning = description === 'Default Response' ? '' : cell(description);
    return `| ${status} | ${meaning} | ${schemasOf(content).map(inWords).join(' or ')} |`;
  });
  return ['**Answers**\n', '| status | | |', '| --- | --- | --- |', ...rows].join('\n');
}

const schemasOf = (content: Content = {}): Schema[] =>
  Object.values(content).flatMap(({ schema }) => schema ?? []);

function inWords(schema: Schema): string {
  const { properties } = schema;
  if (properties === undefined) return typeOf(schema);
  return Object.entries(properties)
    .map(([name, value]) => `\`${name}\`: ${typeOf(value)}`)
    .join('; ');
}
