import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { freePort } from '@gomon/test-support';
import { signIn } from '../../tools/local-stack/demo/api-client.ts';
import { root } from '../repository/run.ts';
import { until, type Page } from './product.ts';

let dataDir: string;
let port: number;
const started: ChildProcess[] = [];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'gomon-start-'));
  port = await freePort();
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(dataDir, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** The exit code. */
  readonly ended: Promise<number | null>;
}

/** What `npm start` runs; `settings` without DATABASE_URL and QUEUE_REDIS_URL make it bring its own servers. */
function npmStart(args: readonly string[] = [], settings: Record<string, string> = {}): Run {
  const environment = {
    ...process.env,
    GOMON_DATA_DIR: dataDir,
    API_PORT: String(port),
    ...settings,
  };
  const child = spawn(process.execPath, ['tools/bootstrap.mjs', 'start', ...args], {
    cwd: root,
    env: environment,
  });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, output: () => output, ended };
}

const running = (run: Run) =>
  until(
    async () => run.output(),
    (output) => output.includes('GoMon is running.'),
  );
const apiUrl = () => `http://127.0.0.1:${port}`;

/** The commands of the processes that have to do with our data directory. */
function processesLeft(): string[] {
  const read = (file: string) => {
    try {
      return readFileSync(file, 'utf8').replaceAll('\0', ' ');
    } catch {
      return ''; // It has ended meanwhile.
    }
  };
  const pids = readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
  );
  return pids
    .filter((pid) =>
      `${read(`/proc/${pid}/cmdline`)} ${read(`/proc/${pid}/environ`)}`.includes(dataDir),
    )
    .map((pid) => read(`/proc/${pid}/cmdline`));
}

test('npm start -- --demo shows results, the alert opening and resolving, and leaves nothing behind', async () => {
  const run = npmStart(['--demo']);
  expect([await run.ended, run.output()]).toEqual([
    0,
    expect.stringMatching(/alert opened[^]*alert resolved/i),
  ]);
  expect(run.output()).toMatch(/success\s+200/);
  expect(run.output()).toMatch(/failure\s+500/);
  expect(processesLeft()).toEqual([]);
});

test('Ctrl-C stops everything with code 0, and the next start finds the data', async () => {
  const first = npmStart();
  await running(first);
  expect(first.output()).toContain(`${apiUrl()}/docs`);
  const client = await signIn(apiUrl(), 'ada', 'a long passphrase');
  await client.post('/v1/monitors', { name: 'mine', url: `${apiUrl()}/healthz`, threshold: 0 });
  first.child.kill('SIGINT');
  expect(await first.ended).toBe(0);
  expect(processesLeft()).toEqual([]);

  await running(npmStart());
  const { items } = await (
    await signIn(apiUrl(), 'ada', 'a long passphrase')
  ).get<Page<{ name: string }>>('/v1/monitors');
  expect(items.map((monitor) => monitor.name)).toEqual(['mine']);
});

describe('says in one line what is wrong, exits with 1 and leaves nothing behind', () => {
  const errorLines = (run: Run) =>
    run
      .output()
      .split('\n')
      .filter((line) => /ECONN|in use|cannot|failed|unreachable|not answer|taken/i.test(line));

  test('when the port is taken', async () => {
    const holder = createServer().listen(port, '127.0.0.1');
    await once(holder, 'listening');
    const run = npmStart();
    expect(await run.ended).toBe(1);
    holder.close();
    expect(errorLines(run)).toEqual([expect.stringContaining(String(port))]);
    expect(processesLeft()).toEqual([]);
  });

  test.each([
    ['the database', { DATABASE_URL: 'postgresql://gomon@127.0.0.1:1/gomon' }],
    ['Redis', { QUEUE_REDIS_URL: 'redis://127.0.0.1:1' }],
  ])('when %s that it was given is not there', async (_, settings) => {
    const run = npmStart([], settings);
    expect(await run.ended).toBe(1);
    expect(errorLines(run)).toEqual([expect.stringContaining('127.0.0.1:1')]);
    expect(processesLeft()).toEqual([]);
  });
});
