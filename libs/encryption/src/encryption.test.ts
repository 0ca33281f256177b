import { expect, test } from '@jest/globals';
import { createEncryption } from './encryption.ts';

const key = 'k'.repeat(43);

test('decrypts what it encrypted, and encrypts the same text differently each time', async () => {
  const encryption = await createEncryption(key);
  const [one, two] = [
    await encryption.encrypt('Bearer ü', 'm1'),
    await encryption.encrypt('Bearer ü', 'm1'),
  ];
  expect(one).not.toBe(two);
  expect(one).not.toContain('Bearer');
  expect(await encryption.decrypt(one, 'm1')).toBe('Bearer ü');
});

test('refuses a text of another owner or key, or a changed one', async () => {
  const encryption = await createEncryption(key);
  const encrypted = await encryption.encrypt('secret', 'm1');
  await expect(encryption.decrypt(encrypted, 'm2')).rejects.toThrow();
  await expect((await createEncryption('x'.repeat(43))).decrypt(encrypted, 'm1')).rejects.toThrow();
  await expect(encryption.decrypt(`${encrypted.slice(0, -2)}AA`, 'm1')).rejects.toThrow();
  await expect(encryption.decrypt('secret', 'm1')).rejects.toThrow('not an encrypted text');
});

test('decrypts texts of the previous key, until that key is removed', async () => {
  const old = await (await createEncryption(key)).encrypt('secret', 'm1');
  const rotated = await createEncryption('n'.repeat(43), key);
  expect(await rotated.decrypt(old, 'm1')).toBe('secret');
  await expect(rotated.decrypt(old, 'm2')).rejects.toThrow();
  await expect((await createEncryption('n'.repeat(43))).decrypt(old, 'm1')).rejects.toThrow();
});

test('re-encrypts texts of the previous key, and no others', async () => {
  const next = await createEncryption('n'.repeat(43));
  const rotated = await createEncryption('n'.repeat(43), key);
  const old = await (await createEncryption(key)).encrypt('secret', 'm1');
  const again = await rotated.rotate(old, 'm1');
  expect(await next.decrypt(again, 'm1')).toBe('secret');
  expect(await rotated.rotate(again, 'm1')).toBe(again);
  await expect(rotated.rotate(old, 'm2')).rejects.toThrow();
  await expect(next.rotate(old, 'm1')).rejects.toThrow();
});
