import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor, toPage } from './cursor.ts';

const position = fc.record({
  at: fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }),
  id: fc.uuid(),
});

test('a cursor is valid only for its position in its list', () => {
  fc.assert(
    fc.property(position, (at) => {
      const cursor = encodeCursor('alerts/', at);
      expect(decodeCursor('alerts/', cursor)).toEqual(at);
      expect(() => decodeCursor('alerts', cursor)).toThrow();
    }),
  );
});

test('any other text is refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (text) =>
      expect(() => decodeCursor('alerts/', text)).toThrow('/cursor'),
    ),
  );
});

test('a page has a cursor only when another page follows', () => {
  const id = '0190b0a0-0000-7000-8000-000000000001';
  const positionOf = (at: number) => ({ at: new Date(at), id });
  expect(toPage('list', [1, 2, 3], 2, positionOf)).toEqual({
    items: [1, 2],
    nextCursor: encodeCursor('list', positionOf(2)),
  });
  expect(toPage('list', [1, 2], 2, positionOf)).toEqual({ items: [1, 2], nextCursor: null });
  expect(toPage('list', [], 2, positionOf)).toEqual({ items: [], nextCursor: null });
});
