import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { PROBERS_KEY } from '@gomon/queue-contracts';
import { Redis } from 'ioredis';
import { createIsolatedNetworks, type IsolatedNetworks } from './isolated-networks.ts';
import { MONITOR_ID, SECRETS_KEY, targetOf } from './probe-once.ts';
import { openQueues } from './running-prober.ts';

jest.setTimeout(120_000);

const PORT = 8080;
const NETWORKS = 6;
const HOSTS = 5;
const OTHER_SHARD = 99;
const networks = createIsolatedNetworks();
if (!networks)
  console.log('skipped, because it needs root and network namespaces: a prober that is cut off');
const testIsolated = networks ? test : test.skip;

/** Ways out of and into the namespace that do not depend on its network: both share the file system. */
const relayTo = (destination: string) => `
  const { connect, createServer } = require('node:net');
  createServer((inbound) => {
    const outbound = connect(${JSON.stringify(destination)});
    inbound.pipe(outbound).pipe(inbound);
    for (const socket of [inbound, outbound]) socket.on('error', () => { inbound.destroy(); outbound.destroy(); });
  }).listen(6379, '127.0.0.1', () => console.log('listening'));`;
const ANSWER = `require('node:http').createServer((request, response) => response.end()).listen(${PORT}, () => console.log('listening'));`;

let queues: Awaited<ReturnType<typeof openQueues>>;
let redis: Redis;
let way: Server;
let directory: string;
const log: string[] = [];

beforeAll(async () => {
  queues = await openQueues();
  redis = new Redis(queues.url);
  directory = mkdtempSync(join(tmpdir(), 'gomon-cut-off-'));
  if (networks) await startAll(networks, join(directory, 'redis.sock'));
});
afterAll(async () => {
  await networks?.remove();
  way?.close();
  rmSync(directory, { recursive: true });
  redis.disconnect();
  await queues.close();
});

async function startAll(isolated: IsolatedNetworks, socketPath: string): Promise<void> {
  const { hostname, port } = new URL(queues.url);
  way = createServer((inbound) => {
    const outbound = connect(Number(port), hostname);
    inbound.pipe(outbound).pipe(inbound);
    for (const socket of [inbound, outbound])
      socket.on('error', () => [inbound, outbound].forEach((end) => end.destroy()));
  });
  await new Promise<void>((resolve) => way.listen(socketPath, resolve));
  await Promise.all([
    new Promise<string>((resolve) => isolated.startFar(['-e', ANSWER], resolve)),
    new Promise<string>((resolve) => isolated.startNear(['-e', relayTo(socketPath)], {}, resolve)),
  ]);
  const environment = {
    QUEUE_REDIS_URL: queues.url.replace(`${hostname}:${port}`, '127.0.0.1:6379'),
    SECRETS_KEY,
    PROBER_ALLOWED_NETWORKS: '10.0.0.0/8',
    METRICS_PORT: '0',
    METRICS_HOST: '127.0.0.1',
  };
  isolated.startNear([join(import.meta.dirname, '../src/main.ts')], environment, (line) =>
    log.push(line),
  );
}

const addressOf = (n: number) => `10.${211 + (n % NETWORKS)}.0.${1 + Math.floor(n / NETWORKS)}`;
const nameOf = (n: number) => `w${n}.domain${n % NETWORKS}.test`;

/**
 * A check of every target; the last is down, because nothing listens there. Each call uses another
 * shard.
 */
async function check(shard: number, hostOf = addressOf): Promise<Record<string, number>> {
  const hosts = Array.from({ length: NETWORKS * HOSTS }, (_, n) => hostOf(n));
  const targets = hosts.map((host, n) =>
    targetOf(`http://${host}:${n === hosts.length - 1 ? PORT + 1 : PORT}/`, {
      monitorId: `${MONITOR_ID.slice(0, -2)}${String(n).padStart(2, '0')}`,
      timeoutMs: 1000,
    }),
  );
  const slot = Math.floor(Date.now() / 1000);
  await queues.add({ shard, slot, targets });
  // A failure is believed as soon as something is reached after it.
  if (hostOf === addressOf) await queues.results(shard, 1);
  await queues.add({
    shard: OTHER_SHARD,
    slot,
    targets: [targetOf(`http://${addressOf(0)}:${PORT}/`, { timeoutMs: 1000 })],
  });
  const results = await queues.results(shard, targets.length);
  const kinds = Map.groupBy(results, ({ outcome, reason }) => [outcome, reason].join(' ').trim());
  return Object.fromEntries([...kinds].map(([kind, ofKind]) => [kind, ofKind.length]));
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await delay(20);
}
const isSeen = async () => (await redis.zcard(PROBERS_KEY)) === 1;
const working = { success: NETWORKS * HOSTS - 1, 'failure connect': 1 };
const cutOff = { 'unknown internal': NETWORKS * HOSTS };

testIsolated(
  'reports no target as down while its own network is down, and does again afterwards',
  async () => {
    expect(await check(0)).toEqual(working);
    await until(isSeen);
    networks?.cut('silently');
    expect(await check(1)).toEqual(cutOff);
    expect(await check(2)).toEqual(cutOff);
    await until(async () => !(await isSeen()));
    networks?.mend();
    await until(async () => Object.keys(await check(3)).includes('success'));
    expect(await check(4)).toEqual(working);
    await until(isSeen);
    networks?.cut('at the route');
    expect(await check(5)).toEqual(cutOff);
    networks?.mend();
    expect(log.filter((line) => line.includes('this prober is cut off'))).not.toHaveLength(0);
  },
);

testIsolated(
  'reports no name as down while its resolver fails, although addresses are reached',
  async () => {
    expect(await check(6)).toEqual(working);
    expect(await check(7, nameOf)).toEqual({ 'unknown internal': NETWORKS * HOSTS });
    expect(await check(8)).toEqual(working);
    expect(
      log.filter((line) => line.includes('the resolver of this prober fails')),
    ).not.toHaveLength(0);
  },
);
