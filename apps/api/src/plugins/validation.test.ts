import { expect, test } from '@jest/globals';
import { createAjv } from './validation.ts';

const many = (value: unknown) => Array.from({ length: 100_000 }, () => value);
const record = (properties: object) => ({
  type: 'object',
  additionalProperties: false,
  properties,
});

test.each<[string, object, unknown]>([
  [
    'items of another type',
    record({ ids: { type: 'array', items: { type: 'string', format: 'uuid' } } }),
    { ids: many(1) },
  ],
  [
    'items of another form',
    record({ ids: { type: 'array', items: { type: 'string', format: 'uuid' } } }),
    { ids: many('x') },
  ],
  [
    'lists in lists',
    { type: 'array', items: { type: 'array', items: { type: 'string' } } },
    [many(1), many(2)],
  ],
  [
    'fields that are not known',
    record({}),
    Object.fromEntries(many(0).map((_, i) => [`x${i}`, i])),
  ],
  [
    'names that are not allowed',
    { type: 'object', propertyNames: { format: 'header-name' } },
    Object.fromEntries(many(0).map((_, i) => [`x ${i}`, i])),
  ],
])('stops after some of a hundred thousand faults: %s', (_, schema, value) => {
  const validate = createAjv({}).compile(schema);
  expect(validate(value)).toBe(false);
  expect(validate.errors).toHaveLength(40);
});

test('finds all faults of a body with a few, and none in a valid one', () => {
  const validate = createAjv({}).compile(record({ a: { type: 'string' }, b: { type: 'integer' } }));
  expect(validate({ a: 1, b: 'x', c: 0 })).toBe(false);
  expect(validate.errors?.map(({ keyword }) => keyword).sort()).toEqual([
    'additionalProperties',
    'type',
    'type',
  ]);
  expect(validate({ a: 'x', b: 1 })).toBe(true);
  expect(validate.errors).toBeNull();
});

test('a value that matches a later alternative is valid, however many faults an earlier one finds', () => {
  const validate = createAjv({}).compile({
    anyOf: [
      { type: 'array', items: { type: 'string' } },
      { type: 'array', items: { type: 'integer' } },
    ],
  });
  expect(validate(many(1))).toBe(true);
});
