import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { faultyLicences } from './licences.ts';
import { listPackages } from './packages.ts';

const packages = listPackages(fileURLToPath(new URL('../..', import.meta.url)));
const named = (name: string) => packages.find((it) => it.name === name);

test('every package has a licence that it may have where it is used', () => {
  expect(faultyLicences(packages)).toEqual([]);
});

test('what an app imports is shipped with all that it needs; what builds and tests it is not', () => {
  for (const name of [
    'fastify',
    'pino',
    'bullmq',
    'ioredis',
    'pg',
    '@prisma/client',
    'pg-protocol',
  ]) {
    expect(named(name)).toMatchObject({ shipped: true });
  }
  for (const name of ['jest', 'prisma', 'elkjs', 'axe-core', 'testcontainers', 'nx'])
    expect(named(name)).toMatchObject({ shipped: false });
});

test.each([
  ['MIT', true, true],
  ['(MIT OR GPL-3.0-only)', true, true],
  ['MIT AND ISC', true, true],
  ['MIT and GPL-3.0-only', false, false],
  ['MPL-2.0', false, true],
  ['GPL-3.0-only', false, false],
  [null, false, false],
])('%s may be shipped: %s, may be for tools: %s', (licence, shippable, usable) => {
  const faults = (shipped: boolean) => faultyLicences([{ name: 'some', licence, shipped }]);
  expect([faults(true).length === 0, faults(false).length === 0]).toEqual([shippable, usable]);
});
