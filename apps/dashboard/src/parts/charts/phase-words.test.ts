import { expect, test } from '@jest/globals';
import { phasesInWords } from './phase-words.ts';

test('phases that took time are told in the order in which they happen', () => {
  const phases = { restMs: 4, dnsMs: 0, connectMs: 0.4, tlsMs: 21, firstByteMs: 1500 };
  expect(phasesInWords(phases)).toMatch(/^TLS\s21\sms · First\sbyte\s1.5\ssec · Rest\s4\sms$/);
  expect(phasesInWords(null)).toBe('');
});
