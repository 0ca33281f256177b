import { expect, test } from '@jest/globals';
import { NEW_DRAFT, toBody } from './monitor-draft.ts';

test('a draft becomes what the api takes: lists from text, each tag once, what is empty left to the api', () => {
  const draft = {
    ...NEW_DRAFT,
    name: ' shop ',
    tags: 'eu, , shop,eu',
    expectedStatus: '200, 301-302',
    headers: 'X-A: b: c\n\nX-Kept',
  };
  expect(toBody(draft)).toMatchObject({
    name: 'shop',
    tags: ['eu', 'shop'],
    expectedStatus: ['200', '301-302'],
    headers: { 'X-A': 'b: c', 'X-Kept': null },
    bodyContains: null,
  });
  expect(toBody(draft)).not.toHaveProperty('timeoutMs');
});
