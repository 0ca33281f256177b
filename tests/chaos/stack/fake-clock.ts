import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';

/** A clock of a process, which can be set while it runs; its timers stay right. */
export interface FakeClock {
  readonly environment: NodeJS.ProcessEnv;
  setOffset(seconds: number): void;
}

/** Whether there is libfaketime, installed with apt-get if need be and possible. */
export async function canFakeClocks(): Promise<boolean> {
  if (!existsSync(LIBRARY) && process.getuid?.() === 0) await installWithApt();
  return existsSync(LIBRARY);
}

export function createFakeClock(file: string): FakeClock {
  const setOffset = (seconds: number) =>
    writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  setOffset(0);
  return {
    environment: {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    setOffset,
  };
}

/** Whatever keeps it from being installed, the run goes on without it. */
async function installWithApt(): Promise<void> {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) =>
    promisify(execFile)('apt-get', ['-qq', ...args], { env: environment });
  try {
    await apt('update');
    await apt('install', '--yes', '--no-install-recommends', 'libfaketime');
  } catch {
    return;
  }
}
