import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { startPostgres, startRedis } from '../src/index.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'gomon-persistent-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const places = (name: string) => ({
  dataDir: join(directory, name),
  logFile: join(directory, `${name}.log`),
});
const entry = new URL('../src/index.ts', import.meta.url).href;

/** A process that starts a server, and is killed before it can stop it. */
function startAndDie(start: 'startPostgres' | 'startRedis', name: string): void {
  const options = JSON.stringify({ ...places(name), password: 'secret', persistent: true });
  const program = `import { ${start} } from '${entry}'; await ${start}({ ...${options}, onProgress() {} }); process.kill(process.pid, 'SIGKILL');`;
  const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  if (signal !== 'SIGKILL') throw new Error(stderr);
}

test('PostgreSQL takes over the data of a run that was killed, and keeps it over a stop', async () => {
  startAndDie('startPostgres', 'postgres');
  const progress: string[] = [];
  const options = {
    ...places('postgres'),
    password: 'secret',
    persistent: true,
    onProgress: (line: string) => progress.push(line),
  };
  const first = await startPostgres(options);
  expect(progress).toEqual([
    expect.stringContaining('Stopping the PostgreSQL that an earlier run left behind'),
  ]);
  await query(first.url, 'CREATE TABLE kept ()');
  await first.stop();
  const second = await startPostgres(options);
  await query(second.url, 'DROP TABLE kept');
  await second.stop();
});

test('PostgreSQL starts when the number in its lock file has gone to another process', async () => {
  const options = {
    ...places('postgres'),
    password: 'secret',
    persistent: true,
    onProgress: () => undefined,
  };
  writeFileSync(join(options.dataDir, 'postmaster.pid'), `${process.pid}\n${options.dataDir}\n`);
  await (await startPostgres(options)).stop();
});

test('PostgreSQL says in one line why it cannot start', async () => {
  const options = {
    ...places('postgres'),
    password: 'secret',
    persistent: true,
    onProgress: () => undefined,
  };
  const versionFile = join(options.dataDir, 'PG_VERSION');
  const version = readFileSync(versionFile, 'utf8');
  writeFileSync(versionFile, '9\n');
  await expect(startPostgres(options)).rejects.toThrow(
    /^PostgreSQL did not start: .*not compatible with this version[^\n]*$/,
  );
  writeFileSync(versionFile, version);
});

test('Redis takes over the data of a run that was killed, and keeps it over a stop', async () => {
  startAndDie('startRedis', 'redis');
  const progress: string[] = [];
  const options = {
    ...places('redis'),
    password: 'secret',
    persistent: true,
    onProgress: (line: string) => progress.push(line),
  };
  const first = await startRedis(options);
  expect(progress).toEqual([
    expect.stringContaining('Stopping the Redis that an earlier run left behind'),
  ]);
  const writer = new Redis(first.url);
  await writer.set('kept', 'yes');
  await writer.quit();
  await first.stop();
  const second = await startRedis(options);
  const reader = new Redis(second.url);
  expect(await reader.get('kept')).toBe('yes');
  await reader.quit();
  await second.stop();
});

async function query(connectionString: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(text);
  await client.end();
}
