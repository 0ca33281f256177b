import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Two network namespaces with a cable between them: processes there reach nothing else. */
export interface IsolatedNetworks {
  /** Starts Node in the probers' namespace with these arguments; its output goes to `onLine`. */
  startNear(
    args: readonly string[],
    environment: Record<string, string>,
    onLine: (line: string) => void,
  ): void;
  /** Starts Node in the targets' namespace, which has every address in `FAR_ADDRESSES`. */
  startFar(args: readonly string[], onLine: (line: string) => void): void;
  /** From now on packets to the targets vanish, or have no route. */
  cut(how: 'silently' | 'at the route'): void;
  mend(): void;
  remove(): Promise<void>;
}

const FAR_ADDRESSES = '10.208.0.0/12';
const [NEAR_END, FAR_END] = ['10.201.0.1', '10.201.0.2'];

/** Needs root on Linux, with ip(8); null without them. */
export function createIsolatedNetworks(): IsolatedNetworks | null {
  const [near, far] = [`gomon-near-${process.pid}`, `gomon-far-${process.pid}`];
  const canIsolate =
    process.getuid?.() === 0 &&
    [near, far].every((name) => spawnSync('ip', ['netns', 'add', name]).status === 0);
  if (!canIsolate) return null;
  const ip = (line: string) => execFileSync('ip', line.split(' '));
  const processes: ChildProcess[] = [];

  function start(
    name: string,
    args: readonly string[],
    environment: Record<string, string>,
    onLine: (line: string) => void,
  ): void {
    const child = spawn('ip', ['netns', 'exec', name, process.execPath, ...args], {
      env: { ...process.env, ...environment },
    });
    for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', onLine);
    processes.push(child);
  }

  const wayThere = `route replace ${FAR_ADDRESSES} via ${FAR_END}`;
  const arrival = `route replace local ${FAR_ADDRESSES} dev lo`;
  const connect = () => {
    ip(`link add end0 netns ${near} type veth peer name end0 netns ${far}`);
    for (const [name, address] of [
      [near, NEAR_END],
      [far, FAR_END],
    ]) {
      ip(`-n ${name} addr add ${address}/30 dev end0`);
      for (const device of ['end0', 'lo']) ip(`-n ${name} link set ${device} up`);
    }
    ip(`-n ${near} ${wayThere}`);
    ip(`-n ${far} route add blackhole ${FAR_ADDRESSES}`);
    ip(`-n ${far} ${arrival}`);
  };
  try {
    connect();
  } catch (error) {
    for (const name of [near, far]) ip(`netns del ${name}`);
    console.log(`no cable between network namespaces: ${String(error)}`);
    return null;
  }
  return {
    startNear: (args, environment, onLine) => start(near, args, environment, onLine),
    startFar: (args, onLine) => start(far, args, {}, onLine),
    cut: (how) => {
      if (how === 'silently') ip(`-n ${far} route del local ${FAR_ADDRESSES} dev lo`);
      else ip(`-n ${near} route del ${FAR_ADDRESSES}`);
    },
    mend: () => {
      ip(`-n ${far} ${arrival}`);
      ip(`-n ${near} ${wayThere}`);
    },
    remove: async () => {
      for (const child of processes) {
        if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
      }
      for (const name of [near, far]) ip(`netns del ${name}`);
    },
  };
}
