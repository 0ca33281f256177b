import { expect, test } from '@jest/globals';
import { entityTag, ifMatchAccepts } from './entity-tag.ts';

test.each([undefined, '*', ' * ', '"7"', 'W/"7"', '"6","7"', '"6", W/"7" '])(
  'If-Match %j accepts version 7',
  (field) => {
    expect(ifMatchAccepts(field, 7)).toBe(true);
  },
);

test.each(['', '"6"', '7', '"77"', "'7'", 'W/7', '"*"'])(
  'If-Match %j does not accept version 7',
  (field) => {
    expect(ifMatchAccepts(field, 7)).toBe(false);
  },
);

test('a tag is accepted for its version', () => {
  expect(ifMatchAccepts(entityTag(12), 12)).toBe(true);
});
