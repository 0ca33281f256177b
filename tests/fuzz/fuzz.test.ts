import { expect, test } from '@jest/globals';
import { fuzz } from './fuzz.ts';

test('a few hundred requests in any order get the answers that the description promises, and do nothing that they must not', async () => {
  const { failure, requests } = await fuzz({ scenarios: 20, seed: 1 });
  expect(failure).toBeNull();
  expect(requests).toBeGreaterThan(200);
});
