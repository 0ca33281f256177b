import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createTextSearch } from './text-search.ts';

const few = fc.uint8Array({ minLength: 1, maxLength: 8, max: 1 });

test('a text is found exactly where it is, however the stream is cut', () => {
  fc.assert(
    fc.property(
      few,
      fc.array(fc.uint8Array({ maxLength: 12, max: 2 }), { maxLength: 8 }),
      (wanted, chunks) => {
        const search = createTextSearch(wanted);
        const found = chunks.some((chunk) => search(chunk));
        expect(found).toBe(Buffer.concat(chunks).includes(Buffer.from(wanted)));
      },
    ),
    { numRuns: 2000 },
  );
});

test('each byte of the stream is compared at most twice, however repetitive the text', () => {
  const wanted = Buffer.from(`${'a'.repeat(500)}b${'a'.repeat(499)}`);
  let compared = 0;
  const counting = new Proxy(wanted, {
    get: (target, name) => {
      if (typeof name === 'string' && /^\d+$/.test(name)) compared++;
      return Reflect.get(target, name, target) as unknown;
    },
  });
  const search = createTextSearch(counting);
  compared = 0;
  expect(search(Buffer.alloc(20_000, 'a'))).toBe(false);
  expect(compared).toBeLessThan(4 * 20_000);
});
