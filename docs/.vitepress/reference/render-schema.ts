import type { Schema } from './description.ts';

/** A value of an object, under its path from the top. */
interface Row {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** A table of all values of an object, those of nested objects under a path such as `state.status`. */
export function renderProperties(schema: Schema): string {
  const rows = rowsOf(schema).map(({ name, required, schema: { deprecated, ...value } }) => {
    const notes = [
      required ? 'Required.' : '',
      deprecated ? 'Deprecated.' : '',
      value.description ?? '',
      boundsOf(value),
    ];
    return `| \`${name}\` | ${typeOf(value)} | ${cell(notes.filter(Boolean).join(' '))} |`;
  });
  return rows.length === 0
    ? typeOf(schema)
    : ['| name | type | |', '| --- | --- | --- |', ...rows].join('\n');
}

function rowsOf({ properties = {}, required = [] }: Schema, prefix = ''): Row[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const name = `${prefix}${key}`;
    const isList = schema.items?.properties !== undefined;
    const nested = isList ? rowsOf(schema.items, `${name}[].`) : rowsOf(schema, `${name}.`);
    return [{ name, schema, required: required.includes(key) }, ...nested];
  });
}

/** A type in words, with a link where it has a name. */
export function typeOf({ $ref, type, enum: values, anyOf, items }: Schema): string {
  if ($ref !== undefined) {
    const name = $ref.slice($ref.lastIndexOf('/') + 1);
    return `[${name}](/api/schemas#${name.toLowerCase()})`;
  }
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(' or ');
  if (items !== undefined) return `array of ${typeOf(items)}`;
  return [type ?? 'any'].flat().join(' or ');
}

function boundsOf(schema: Schema): string {
  const { format, minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  const bounds = [
    format === undefined ? '' : `Format \`${format}\`.`,
    range(minimum, maximum, ''),
    range(minLength, maxLength, ' characters'),
    range(minItems, maxItems, ' items'),
    schema.default === undefined ? '' : `Default \`${JSON.stringify(schema.default)}\`.`,
  ];
  return bounds.filter(Boolean).join(' ');
}

function range(from: number | undefined, to: number | undefined, unit: string): string {
  if (from === undefined && to === undefined) return '';
  if (to === undefined) return `At least ${from}${unit}.`;
  return from === undefined ? `At most ${to}${unit}.` : `${from} to ${to}${unit}.`;
}

/** Text for a cell: what Markdown or Vue would take for something else is escaped, except in code. */
export function cell(text: string): string {
  const [...parts] = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', '\\|')
    .split(/(`[^`]*`)/);
  return parts
    .map((part) =>
      part.startsWith('`')
        ? part
        : part.replaceAll('<', '&lt;').replaceAll('{{', '<span v-pre>{{</span>'),
    )
    .join('');
}
