import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROLES } from '@gomon/persistence';
import { PROBER_PERMISSIONS, PROBER_USER } from '@gomon/queue-contracts';
import { parse } from 'yaml';
import { root } from './run.ts';

interface Compose {
  readonly services: Record<
    string,
    { readonly command?: string; readonly environment?: Record<string, string | null> }
  >;
}

const files = readdirSync(root).filter((name) => /^docker-compose.*\.yml$/.test(name));
const services = files.flatMap((name) =>
  Object.entries(composed(name).services).map(([service, it]) => [name, service, it] as const),
);
const variable = (name: string) =>
  services.flatMap(([, service, { environment }]) =>
    environment?.[name] ? [[service, environment[name]]] : [],
  );

function composed(name: string): Compose {
  return parse(readFileSync(join(root, name), 'utf8'), { merge: true }) as Compose;
}

test('with compose, each app goes to the database as its own role, and only what the operator runs as its owner', () => {
  const roles = variable('DATABASE_URL').map(([service, url]) => [
    service,
    new URL(String(url)).username,
  ]);
  expect(Object.fromEntries(roles)).toEqual({
    api: ROLES.api,
    scheduler: ROLES.scheduler,
    'scheduler-upper': ROLES.scheduler,
    admin: 'gomon',
    migrate: 'gomon',
    populate: 'gomon',
  });
});

test("with compose, a prober goes to the queue's Redis as a user with the permissions of a prober, and the scheduler as another", () => {
  const users = variable('QUEUE_REDIS_URL').map(([service, url]) => [
    service,
    new URL(String(url)).username,
  ]);
  expect(Object.fromEntries(users)).toEqual({
    admin: '',
    scheduler: '',
    'scheduler-upper': '',
    prober: PROBER_USER,
  });
  const command = String(composed('docker-compose.yml').services['queue']?.command);
  const [, user] = command.replaceAll('"', '').split(' --user ');
  expect(user?.replace(/\$\{[^}]*\}/, '${…}')).toBe(
    `${PROBER_USER} on >\${…} ${PROBER_PERMISSIONS.join(' ')}`,
  );
});

test('on Kubernetes, each app has a separate address for what it reaches, and only the migration has the one of the owner', () => {
  const directory = join(root, 'docker/kubernetes/base');
  const readers = readdirSync(directory).flatMap((name) => {
    const keys = [
      ...readFileSync(join(directory, name), 'utf8').matchAll(
        /key: (\w*(?:DATABASE|QUEUE_REDIS)_URL)$/gm,
      ),
    ].map(([, key]) => key);
    return keys.length > 0 ? [[name, keys]] : [];
  });
  expect(Object.fromEntries(readers)).toEqual({
    'api.yaml': ['API_DATABASE_URL'],
    'migration.yaml': ['DATABASE_URL'],
    'prober.yaml': ['PROBER_QUEUE_REDIS_URL'],
    'scheduler.yaml': ['SCHEDULER_DATABASE_URL', 'QUEUE_REDIS_URL'],
  });
});

test('the guide to deployment has the permissions of a prober for a Redis of your own', () => {
  expect(readFileSync(join(root, 'docs/deployment.md'), 'utf8').replaceAll(/\s+/g, ' ')).toContain(
    PROBER_PERMISSIONS.join(' '),
  );
});
