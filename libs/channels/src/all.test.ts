import { describe, expect, test } from '@jest/globals';
import Value from 'typebox/value';
import { CHANNEL_KINDS, specOf } from './all.ts';
import { CHANNEL_SETTINGS } from './channel-settings.ts';

describe.each(CHANNEL_KINDS)('%s', (kind) => {
  const { settings, secrets, addresses, example, kept, hasRecipients } = specOf(kind);

  test('has an example that its own schema takes', () => {
    expect([...Value.Errors(settings, example)]).toEqual([]);
    expect(Value.Check(settings, { ...example, other: 1 })).toBe(false);
  });

  test('has secrets and addresses that are settings, and texts', () => {
    const properties: Record<string, object> = { ...settings.properties, ...kept?.properties };
    for (const name of [...secrets, ...addresses])
      expect(properties[name]).toMatchObject({ type: 'string' });
    expect('to' in properties).toBe(hasRecipients);
  });
});

test('a setting of several kinds is the same to all of them', () => {
  for (const { name, kinds, schema, isOptional, isSecret, isAddress } of CHANNEL_SETTINGS) {
    for (const kind of kinds) {
      const { settings, secrets, addresses } = specOf(kind);
      expect(settings.properties[name]).toEqual(schema);
      expect([
        !settings.required?.includes(name),
        secrets.includes(name),
        addresses.includes(name),
      ]).toEqual([isOptional, isSecret, isAddress]);
    }
  }
});
