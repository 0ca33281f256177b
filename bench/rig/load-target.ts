import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@gomon/test-support';

/** A target for any number of probes on loopback: paths that end in 00 answer 500, all others 200. */
export interface LoadTarget {
  readonly program: 'nginx' | 'Node';
  readonly url: string;
  readonly pid: number;
  /** With `keepsLog`: a line per request, with the second, to the millisecond, at which it was answered, and its path. */
  readonly logFile: string;
  stop(): Promise<void>;
}

export interface LoadTargetOptions {
  /** Where it keeps its files. */
  readonly directory: string;
  /** How long it waits before each answer; nginx cannot. */
  readonly delayMs?: number;
  readonly keepsLog?: boolean;
}

const ANSWERS_WITHIN_MS = 10_000;
const program = fileURLToPath(new URL('../children/target.ts', import.meta.url));

/** nginx where it is on the PATH, else a bare Node server in a separate process. */
export async function startLoadTarget(options: LoadTargetOptions): Promise<LoadTarget> {
  const port = await freePort();
  const useNginx = !options.delayMs && spawnSync('nginx', ['-v']).error === undefined;
  const logFile = join(options.directory, `arrivals-${port}.log`);
  const child = (useNginx ? startNginx : startNode)(port, options, logFile);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  try {
    await answers(port, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    program: useNginx ? 'nginx' : 'Node',
    url: `http://127.0.0.1:${port}`,
    pid: child.pid as number,
    logFile,
    stop,
  };
}

/** One process without a master, which reads nothing of the machine's own configuration. */
function startNginx(
  port: number,
  { directory, keepsLog }: LoadTargetOptions,
  logFile: string,
): ChildProcess {
  const file = join(directory, 'nginx.conf');
  const ownFiles = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${directory};`,
  );
  const log = keepsLog
    ? [`log_format arrival '$msec $uri';`, `access_log ${logFile} arrival buffer=64k flush=1s;`]
    : ['access_log off;'];
  writeFileSync(
    file,
    [
      'daemon off; master_process off; worker_rlimit_nofile 20000;',
      `pid ${join(directory, 'nginx.pid')};`,
      'events { worker_connections 10000; }',
      'http {',
      ...ownFiles,
      ...log,
      `server { listen 127.0.0.1:${port} backlog=4096; keepalive_timeout 0;`,
      'location / { return 200 "ok"; } location ~ 00$ { return 500; } } }',
    ].join('\n'),
  );
  return spawn('nginx', ['-c', file, '-p', directory], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function startNode(
  port: number,
  { delayMs = 0, keepsLog }: LoadTargetOptions,
  logFile: string,
): ChildProcess {
  return fork(program, [String(port), String(delayMs), ...(keepsLog ? [logFile] : [])]);
}

async function answers(port: number, child: ChildProcess): Promise<void> {
  for (const deadline = performance.now() + ANSWERS_WITHIN_MS; ; await delay(50)) {
    if (child.exitCode !== null) throw new Error(`the target ended with code ${child.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    if (performance.now() > deadline) throw new Error('the target does not answer');
  }
}
