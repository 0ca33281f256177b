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

test('opens what was sealed under the previous key, until that is gone', async () => {
  const old = await (await createSeal(key)).seal('secret', 'm1');
  const rotated = await createSeal('n'.repeat(43), key);
  expect(await rotated.unseal(old, 'm1')).toBe('secret');
  await expect(rotated.unseal(old, 'm2')).rejects.toThrow();
  await expect((await createSeal('n'.repeat(43))).unseal(old, 'm1')).rejects.toThrow();
});

test('seals anew what was sealed under the previous key, and nothing else', async () => {
  const next = await createSeal('n'.repeat(43));
  const rotated = await createSeal('n'.repeat(43), key);
  const old = await (await createSeal(key)).seal('secret', 'm1');
  const resealed = await rotated.reseal(old, 'm1');
  expect(await next.unseal(resealed, 'm1')).toBe('secret');
  expect(await rotated.reseal(resealed, 'm1')).toBe(resealed);
  await expect(rotated.reseal(old, 'm2')).rejects.toThrow();
  await expect(next.reseal(old, 'm1')).rejects.toThrow();
});
