import { expect, test } from '@jest/globals';
import { createSeal } from './seal.ts';

const key = 'k'.repeat(43);

test('unseals what was sealed, and never seals the same text alike', async () => {
  const seal = await createSeal(key);
  const [one, two] = [await seal.seal('Bearer ü', 'm1'), await seal.seal('Bearer ü', 'm1')];
  expect(one).not.toBe(two);
  expect(one).not.toContain('Bearer');
  expect(await seal.unseal(one, 'm1')).toBe('Bearer ü');
});

test('refuses a text of another owner, of another key, or changed', async () => {
  const seal = await createSeal(key);
  const sealed = await seal.seal('secret', 'm1');
  await expect(seal.unseal(sealed, 'm2')).rejects.toThrow();
  await expect((await createSeal('x'.repeat(43))).unseal(sealed, 'm1')).rejects.toThrow();
  await expect(seal.unseal(`${sealed.slice(0, -2)}AA`, 'm1')).rejects.toThrow();
  await expect(seal.unseal('secret', 'm1')).rejects.toThrow('not a sealed text');
});
