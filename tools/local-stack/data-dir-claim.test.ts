import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { claimDataDir } from './data-dir-claim.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gomon-claim-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const ignore = () => undefined;

test('refuses a directory on which a stack runs, and gives it again once released', async () => {
  const claim = await claimDataDir(dataDir, ignore);
  await expect(claimDataDir(dataDir, ignore)).rejects.toThrow(
    `GoMon runs already on ${dataDir} (process ${process.pid})`,
  );
  claim.release();
  (await claimDataDir(dataDir, ignore)).release();
});

test('ends the apps of a stack that was killed, and takes its place', async () => {
  const app = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'left-behind.ts'], {
    stdio: 'ignore',
  });
  await once(app, 'spawn');
  const ended = once(app, 'exit');
  const apps = [{ name: 'prober', pid: app.pid, entry: 'left-behind.ts' }];
  writeFileSync(
    join(dataDir, 'run.json'),
    JSON.stringify({ pid: process.pid, command: 'some other program', apps }),
  );
  const progress: string[] = [];
  await claimDataDir(dataDir, (line) => progress.push(line));
  expect(await ended).toEqual([null, 'SIGTERM']);
  expect(progress).toEqual([
    `Stopping the prober that an earlier run left behind (process ${app.pid})`,
  ]);
});

test('leaves a process alone that only has the number of one that was left behind', async () => {
  const apps = [{ name: 'prober', pid: process.pid, entry: 'left-behind.ts' }];
  writeFileSync(
    join(dataDir, 'run.json'),
    JSON.stringify({ pid: process.pid, command: 'some other program', apps }),
  );
  const progress: string[] = [];
  await claimDataDir(dataDir, (line) => progress.push(line));
  expect(progress).toEqual([]);
});
