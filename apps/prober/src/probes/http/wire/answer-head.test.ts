import { expect, test } from '@jest/globals';
import { parseAnswerHead } from './answer-head.ts';

test('a head full of folded lines is read in linear time', () => {
  for (let i = 0; i < 20; i++) {
    const { fields } = parseAnswerHead(`HTTP/1.1 200 OK\nx: a${'\n b'.repeat(80_000)}`);
    expect(fields.first('x')).toHaveLength(1 + 2 * 80_000);
  }
});
