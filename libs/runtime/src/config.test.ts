import { expect, test } from '@jest/globals';
import Type from 'typebox';
import { loadConfig, previousSecret, secret } from './config.ts';

const schema = Type.Object({
  DATABASE_URL: Type.String({ minLength: 1 }),
  API_PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 8010 }),
  JWT_SECRET: secret('Signs tokens.'),
});
const jwtSecret = 's'.repeat(32);

test('reads numbers, fills in defaults and treats an empty variable as unset', () => {
  const config = loadConfig(schema, {
    DATABASE_URL: 'postgresql://db',
    API_PORT: '',
    JWT_SECRET: jwtSecret,
    OTHER: '1',
  });
  expect(config).toEqual({
    DATABASE_URL: 'postgresql://db',
    API_PORT: 8010,
    JWT_SECRET: jwtSecret,
  });
  expect(
    loadConfig(schema, { DATABASE_URL: 'x', API_PORT: '9000', JWT_SECRET: jwtSecret }).API_PORT,
  ).toBe(9000);
});

test('reports every fault at once, without values', () => {
  const load = () => loadConfig(schema, { API_PORT: '70000', JWT_SECRET: 'short-secret' });
  expect(load).toThrow(/DATABASE_URL is not set/);
  expect(load).toThrow(/API_PORT must be <= 65535/);
  expect(load).toThrow(/JWT_SECRET/);
  expect(load).not.toThrow(/short-secret/);
});

test.each(['abc', '1.5', '-1'])('refuses the port "%s"', (port) => {
  expect(() =>
    loadConfig(schema, { DATABASE_URL: 'x', API_PORT: port, JWT_SECRET: jwtSecret }),
  ).toThrow(/API_PORT/);
});

test('a previous secret may be missing, but not short', () => {
  const previous = Type.Object({ JWT_SECRET_PREVIOUS: previousSecret('Replaced.') });
  expect(loadConfig(previous, {})).toEqual({ JWT_SECRET_PREVIOUS: '' });
  expect(loadConfig(previous, { JWT_SECRET_PREVIOUS: jwtSecret })).toEqual({
    JWT_SECRET_PREVIOUS: jwtSecret,
  });
  expect(() => loadConfig(previous, { JWT_SECRET_PREVIOUS: 'short-secret' })).toThrow(
    /^(?!.*short-secret).*JWT_SECRET_PREVIOUS/,
  );
});
