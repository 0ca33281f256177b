import { expect, test } from '@jest/globals';
import { parseAnswerHead } from './answer-head.ts';

test('a field of as many folded lines as fit into a head is read at once', () => {
  for (let i = 0; i < 20; i++) {
    const { fields } = parseAnswerHead(`HTTP/1.1 200 OK\nx: a${'\n b'.repeat(80_000)}`);
    expect(fields.first('x')).toHaveLength(1 + 2 * 80_000);
  }
});
