import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf, endLeftover, type OnProgress } from '@gomon/test-support';

export interface RunningApp {
  name: string;
  pid: number;
  /** The program's path, by which the process is known again. */
  entry: string;
}

export interface DataDirClaim {
  /** Remembers the apps, so that the next run can end them if this one is killed. */
  recordApps: (apps: readonly RunningApp[]) => void;
  release: () => void;
}

interface ClaimRecord {
  pid: number;
  command: string;
  apps: readonly RunningApp[];
}

/** Takes the data directory for this process. Ends the apps of a run that was killed; throws when one is still running. */
export async function claimDataDir(dataDir: string, onProgress: OnProgress): Promise<DataDirClaim> {
  const file = join(dataDir, 'run.json');
  if (existsSync(file)) await clearEarlierRun(file, dataDir, onProgress);
  const record: ClaimRecord = {
    pid: process.pid,
    command: (await commandOf(process.pid)) ?? '',
    apps: [],
  };
  const write = (apps: readonly RunningApp[], flag: string) =>
    writeFileSync(
      file,
      JSON.stringify({
        ...record,
        apps: apps.map(({ name, pid, entry }) => ({ name, pid, entry })),
      }),
      {
        flag,
      },
    );
  write([], 'wx');
  return { recordApps: (apps) => write(apps, 'w'), release: () => rmSync(file) };
}

async function clearEarlierRun(
  file: string,
  dataDir: string,
  onProgress: OnProgress,
): Promise<void> {
  const { pid, command, apps } = JSON.parse(readFileSync(file, 'utf8')) as ClaimRecord;
  if ((await commandOf(pid)) === command)
    throw new Error(`GoMon runs already on ${dataDir} (process ${pid})`);
  for (const app of apps)
    await endLeftover({ ...app, mark: app.entry, signal: 'SIGTERM' }, onProgress);
  rmSync(file);
}
