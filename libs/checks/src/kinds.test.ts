import { describe, expect, test } from '@jest/globals';
import { CHECK_KINDS, CHECK_KIND_NAMES, checkKind } from './all.ts';
import { defaultsOf, settingsIn, withoutDefaults } from './defaults.ts';

const EXAMPLES: Readonly<Record<(typeof CHECK_KIND_NAMES)[number], Record<string, unknown>>> = {
  http: { url: 'https://Shop.example/#top' },
  tcp: { host: 'DB.example', port: 5432 },
  websocket: { url: 'WSS://Live.example/feed#top' },
};

describe.each(CHECK_KIND_NAMES)('the kind %s', (kind) => {
  const description = CHECK_KINDS[kind];
  const settings = { ...defaultsOf(kind), ...EXAMPLES[kind] };

  test('is called as it calls itself', () => expect(description.kind).toBe(kind));

  test('has settings that can be left out, and one at least that must be given', () => {
    expect(withoutDefaults(kind, settings)).toEqual(EXAMPLES[kind]);
    expect({ ...defaultsOf(kind), ...withoutDefaults(kind, settings) }).toEqual(settings);
    expect(Object.keys(EXAMPLES[kind]).length).toBeGreaterThan(0);
  });

  test('has one spelling of its settings, and a target and a host in it', () => {
    const normal = description.normalize(settings);
    expect(description.normalize(normal)).toEqual(normal);
    expect(description.target(normal)).toContain(description.host(normal));
    expect(
      description
        .destination(normal)
        .fields.every((name) => name in description.settings.properties),
    ).toBe(true);
  });
});

test('fields of other kinds are no settings, and equal lists are as by default', () => {
  expect(settingsIn('tcp', { host: 'a', url: 'b', send: undefined })).toEqual({ host: 'a' });
  const given = { url: 'a', expectedStatus: ['200'], headers: {}, bodyContains: 'x', port: 7 };
  expect(withoutDefaults('http', given)).toEqual({ url: 'a', bodyContains: 'x' });
});

test.each(['gopher', 'toString', ''])('%j is no kind', (name) => {
  expect(() => checkKind(name)).toThrow('is not a kind');
  expect(() => defaultsOf(name)).toThrow('is not a kind');
  expect(() => withoutDefaults(name, {})).toThrow('is not a kind');
});
