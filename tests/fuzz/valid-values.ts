import fc from 'fast-check';
import { isName } from '@gomon/api/testing';
import type { Schema } from './description.ts';

const MAX_ITEMS = 5;

/** One code point each, so that lengths are what a schema counts. */
const character = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCodePoint(code)),
  },
  { weight: 1, arbitrary: fc.constantFrom('é', 'ß', '漢', '\u202e', '\u0301', '😀', '𐍈') },
);

const status = fc.integer({ min: 100, max: 599 });

/** Values of the API's own formats, and of the standard ones that it uses. */
const FORMATS: Record<string, fc.Arbitrary<string>> = {
  uuid: fc.uuid(),
  'date-time': fc
    .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  'target-url': fc.webUrl({ withQueryParameters: true, withFragments: true, size: 'small' }),
  'websocket-url': fc.webUrl({
    validSchemes: ['ws', 'wss'],
    withQueryParameters: true,
    size: 'small',
  }),
  host: fc.oneof(fc.domain({ size: 'small' }), fc.ipV4(), fc.ipV6()),
  'status-expectation': fc.oneof(
    status.map(String),
    fc.tuple(status, status).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
  ),
  'header-name': fc.stringMatching(/^x-[a-z0-9-]{1,20}$/),
  'header-value': fc.stringMatching(/^[!-~]{1,20}( [!-~]{1,20})?$/),
};

/** Values that fit the schema. */
export function validValue(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  return fc.oneof(...[schema.type].flat().map((type) => ofType(type, schema)));
}

function ofType(type: string | undefined, schema: Schema): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? -1000, max: schema.maximum ?? 1000 });
    case 'string':
      return text(schema);
    case 'array':
      return list(schema);
    case 'object':
      return record(schema);
    default:
      throw new Error(`No values are known of ${JSON.stringify(schema)}`);
  }
}

function text({ format, pattern, minLength = 0, maxLength = 50 }: Schema): fc.Arbitrary<string> {
  const fitting = (value: string) => value.length >= minLength && value.length <= maxLength;
  if (format && FORMATS[format]) return FORMATS[format].filter(fitting);
  if (pattern && !format) return fc.stringMatching(new RegExp(pattern)).filter(fitting);
  const free = fc.string({ unit: character, minLength, maxLength });
  return format === 'name' ? free.filter(isName) : free;
}

function list({
  items = {},
  minItems = 0,
  maxItems = MAX_ITEMS,
  uniqueItems,
}: Schema): fc.Arbitrary<unknown[]> {
  const lengths = {
    minLength: minItems,
    maxLength: Math.min(maxItems, Math.max(minItems, MAX_ITEMS)),
  };
  return uniqueItems
    ? fc.uniqueArray(validValue(items), lengths)
    : fc.array(validValue(items), lengths);
}

function record({
  properties = {},
  required = [],
  additionalProperties,
  propertyNames,
  maxProperties,
}: Schema): fc.Arbitrary<object> {
  const known = fc.record(
    Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, validValue(property)]),
    ),
    { requiredKeys: [...required] },
  );
  if (typeof additionalProperties !== 'object') return known;
  const names = validValue({ type: 'string', ...propertyNames }) as fc.Arbitrary<string>;
  const others = fc.dictionary(names, validValue(additionalProperties), {
    maxKeys: Math.min(maxProperties ?? MAX_ITEMS, MAX_ITEMS),
  });
  return fc.tuple(known, others).map(([named, other]) => ({ ...other, ...named }));
}
