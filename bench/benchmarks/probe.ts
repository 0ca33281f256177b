// What one probe of the prober costs its process, against one bare request of node:http(s): both on a fresh connection to the same
// target, both done with it when they know the status.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { createSecureContext, type SecureContext } from 'node:tls';
import { createEncryption } from '@gomon/encryption';
import { createDial, parseNetworks } from '@gomon/egress';
import { createLogger } from '@gomon/runtime';
import { createHttpProbe } from '@gomon/prober/testing';
import { median, type Benchmark } from '../benchmark.ts';

type Act = () => Promise<void>;

interface Load {
  readonly inFlight: number;
  /** Of each side, in all. */
  readonly acts: number;
}

/** CPU time of an act, in µs. */
interface Costs {
  readonly bare: number;
  readonly probe: number;
}

const SCHEMES = [
  { scheme: 'http', get: http.get, acts: 8000 },
  { scheme: 'https', get: https.get, acts: 3000 },
] as const;
const IN_FLIGHT = [15, 100, 500];
const AUTHORITY = new URL('../../apps/prober/test/certificates/authority.pem', import.meta.url);

export const benchmark: Benchmark = async function* ({ reduced, runs, say, signal }) {
  const target = fork(new URL('../rig/probe-target.ts', import.meta.url));
  try {
    const ports = await portsOf(target);
    const secureContext = createSecureContext({ ca: readFileSync(AUTHORITY) });
    for (const [index, { scheme, get, acts }] of SCHEMES.entries()) {
      const url = `${scheme}://127.0.0.1:${ports[index]}/`;
      const sides = {
        bare: bareRequest(get, url, secureContext),
        probe: await probeOf(url, secureContext),
      };
      await compare(sides, { inFlight: 100, acts: 1000 }); // Until all is compiled.
      for (const inFlight of IN_FLIGHT) {
        const what = `${scheme}, ${inFlight} in flight`;
        const load = { inFlight, acts: reduced ? acts / 10 : acts };
        const costs: Costs[] = [];
        while (costs.length < runs) {
          signal.throwIfAborted();
          costs.push(await compare(sides, load));
          say(`  ${what}: ${describe(costs.slice(-1))}`);
        }
        const value = median(costs.map(({ bare, probe }) => probe / bare));
        yield {
          what,
          value,
          unit: 'ratio',
          target: { atMost: 1.3 },
          note: `CPU: ${describe(costs)}`,
        };
      }
    }
  } finally {
    if (target.connected) {
      target.disconnect();
      await once(target, 'exit');
    }
  }
};

async function portsOf(target: ChildProcess): Promise<number[]> {
  const exit = once(target, 'exit').then(() => Promise.reject(new Error('the target ended')));
  const [ports] = (await Promise.race([once(target, 'message'), exit])) as [number[]];
  return ports;
}

const describe = (costs: readonly Costs[]) =>
  (['bare', 'probe'] as const)
    .map((side) => `${side} ${Math.round(median(costs.map((cost) => cost[side])))} µs`)
    .join(', ');

/** The two sides take turns, so that whatever else the machine does hits both. */
async function compare(
  { bare, probe }: Record<keyof Costs, Act>,
  { inFlight, acts }: Load,
): Promise<Costs> {
  const used = { bare: 0, probe: 0 };
  const actsPerTurn = Math.max(300, inFlight * 2);
  const turns = Math.ceil(acts / actsPerTurn);
  for (let turn = 0; turn < turns; turn++) {
    used.bare += await cpuOf(bare, { inFlight, acts: actsPerTurn });
    used.probe += await cpuOf(probe, { inFlight, acts: actsPerTurn });
  }
  return { bare: used.bare / (turns * actsPerTurn), probe: used.probe / (turns * actsPerTurn) };
}

/** CPU time of this process for one act, in µs. */
async function cpuOf(act: Act, { inFlight, acts }: Load): Promise<number> {
  let left = acts;
  const repeat = async () => {
    while (left-- > 0) await act();
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: inFlight }, repeat));
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** The leanest that node:http(s) offers as it comes: no agent, one secure context, no waiting for the body. */
function bareRequest(get: typeof https.get, url: string, secureContext: SecureContext): Act {
  const { hostname: host, port } = new URL(url);
  const options = { host, port, agent: false, secureContext } as const;
  return () =>
    new Promise((resolve, reject) => {
      const request = get(options, ({ statusCode }) => {
        request.destroy();
        if (statusCode === 200) resolve();
        else reject(new Error(`the target answered ${statusCode}`));
      });
      request.on('error', reject);
    });
}

async function probeOf(url: string, secureContext: SecureContext): Promise<Act> {
  const probe = createHttpProbe({
    dial: createDial(parseNetworks('127.0.0.1/32'), { secureContext }),
    encryption: await createEncryption('k'.repeat(43)),
    logger: createLogger('prober', 'error'),
  });
  const target = {
    monitorId: '0190b0a0-0000-7000-8000-000000000001',
    kind: 'http',
    url,
    intervalSeconds: 60,
    timeoutMs: 60_000,
    method: 'GET',
    headers: {},
    expectedStatus: ['200'],
    bodyContains: null,
    maxBodyBytes: 1_048_576,
    followRedirects: true,
  } as const;
  const { signal } = new AbortController();
  return async () => {
    const found = await probe(target, signal);
    if (found?.outcome !== 'success') throw new Error(`the probe found ${found?.reason}`);
  };
}
