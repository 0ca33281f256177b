// What somebody with ten thousand monitors waits for: the list in a browser, its next page; what the first load brings; and how many
// readers of a status page one API serves from its memory.
import autocannon from 'autocannon';
import { findChromium } from '@gomon/test-support';
import { signIn, type ApiClient } from '../../tools/local-stack/demo/api-client.ts';
import { buildDashboard } from '../../tools/local-stack/apps/build-dashboard.ts';
import { openBareInsert } from '../rig/bare-insert.ts';
import { cpuTime } from '../figures/cpu-time.ts';
import { median, type Benchmark, type Measurement } from '../benchmark.ts';
import { storeHistory } from '../rig/history.ts';
import { openListPage } from '../rig/list-page.ts';
import { openLoad } from '../rig/load.ts';
import { startApps, type Processes } from '../rig/processes.ts';
import { startServers, type Servers } from '../rig/servers.ts';

/** A check every two minutes for 34 hours: ten million rows of ten thousand monitors. */
const INTERVAL_SECONDS = 120;
const WHOLE = { monitors: 10_000, hours: 34, seconds: 8 };
const REDUCED = { monitors: 400, hours: 3, seconds: 2 };
const NEXT_PAGES = 5;
const ANSWERS = 40;
const SHOWN_MONITORS = 100;
const CONNECTIONS = 16;
const PASSWORD = 'a long passphrase';
const READER = { username: 'reader', password: PASSWORD };

export const benchmark: Benchmark = async function* ({ reduced, runs, say, signal }) {
  const { monitors, hours, seconds } = reduced ? REDUCED : WHOLE;
  const chromium = await findChromium(say);
  if (!chromium)
    throw new Error('there is no Chromium: install it, such as by apt-get install chromium');
  await buildDashboard(say, signal);
  const servers = await startServers(0, say);
  const stops = [() => servers.stop()];
  try {
    const api = await startApps(
      servers,
      'api',
      [{ ADDRESS_RATE_LIMIT_PER_MINUTE: '1000000', LOG_LEVEL: 'warn' }],
      { say },
    );
    stops.push(() => api.stop());
    const client = await signIn(api.apiUrl, READER.username, PASSWORD);
    const { id: ownerId } = await client.get<{ id: string }>('/v1/users/me');
    await fill(servers, ownerId, monitors, hours, say);
    const session = await client.post<{ token: string; expiresAt: string }>('/v1/sessions', READER);
    const list = await openListPage(chromium, api.apiUrl, session);
    stops.push(() => list.close());
    const [opened, turned]: number[][] = [[], []];
    for (let n = 0; n <= runs && !signal.aborted; n++) {
      const time = await list.open();
      if (n === 0) continue; // To warm up.
      opened?.push(time);
      for (let page = 0; page < NEXT_PAGES; page++) turned?.push(await list.next());
    }
    const answer = `${monitors.toLocaleString('en')} monitors; the api's answer ${await costOfAnswer(api, servers, session.token)}`;
    yield {
      what: 'list, interactive',
      value: median(opened ?? []),
      unit: 'ms',
      target: { atMost: 1000 },
      note: answer,
    };
    yield {
      what: 'next page',
      value: median(turned ?? []),
      unit: 'ms',
      target: { atMost: 200 },
      note: answer,
    };
    yield {
      what: 'JavaScript of the first load, gzipped',
      value: (await list.scriptBytes()) / 1000,
      unit: 'kB',
      target: { atMost: 200 },
    };
    yield* readers(`${api.apiUrl}/status/${await publish(client)}`, seconds, runs, signal);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
};

async function fill(
  { connections }: Servers,
  ownerId: string,
  count: number,
  hours: number,
  say: (line: string) => void,
): Promise<void> {
  const { databaseUrl } = connections;
  const load = await openLoad(databaseUrl);
  const bare = openBareInsert(databaseUrl, 4);
  try {
    await load.register(count, {
      ownerId,
      intervalSeconds: INTERVAL_SECONDS,
      url: 'http://target.test/',
    });
    const { rows: shards } = await load.sql.query<{ ids: string[] }>(
      'SELECT array(SELECT m.id FROM monitors m WHERE m.shard = s.id) AS ids FROM shards s ORDER BY s.id',
    );
    const to = Math.floor(Date.now() / 1000);
    const history = {
      monitors: shards.map(({ ids }) => ids),
      from: to - hours * 3600,
      to,
      intervalSeconds: INTERVAL_SECONDS,
    };
    const rows = await storeHistory(bare, load.sql, history, say);
    say(`  ${rows.toLocaleString('en')} rows`);
    for (const table of ['monitors', 'checks', 'rollups'])
      await load.sql.query(`VACUUM (ANALYZE) ${table}`);
  } finally {
    await bare.stop();
    await load.stop();
  }
}

/** Of one page of the list, one after the other: what it takes, and what of that is work, however much else the machine does. */
async function costOfAnswer(
  { apiUrl, pids }: Processes,
  { postgres }: Servers,
  token: string,
): Promise<string> {
  const spent = () => ({
    own: cpuTime(pids[0] ?? 0),
    postgres: cpuTime(postgres.pid, { family: true }),
  });
  const before = spent();
  const startedAt = performance.now();
  for (let n = 0; n < ANSWERS; n++) {
    const response = await fetch(`${apiUrl}/v1/monitors/overview?limit=50`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!response.ok)
      throw new Error(`the list was answered ${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
  }
  const [time, after] = [performance.now() - startedAt, spent()];
  const each = (sum: number) => Math.round(sum / ANSWERS);
  const work = `${each((after.own - before.own) / 1000)} ms of its CPU and ${each((after.postgres - before.postgres) / 1000)} of PostgreSQL's`;
  return `in ${each(time)} ms, with ${work}`;
}

/** A status page of a hundred monitors; returns its slug. */
async function publish(client: ApiClient): Promise<string> {
  const { items } = await client.get<{ items: { id: string }[] }>(
    `/v1/monitors?limit=${SHOWN_MONITORS}`,
  );
  const groups = [{ name: 'Services', monitorIds: items.map(({ id }) => id) }];
  const { slug } = await client.post<{ slug: string }>('/v1/status-pages', {
    slug: 'services',
    title: 'Services',
    groups,
    published: true,
  });
  return slug;
}

async function* readers(
  url: string,
  seconds: number,
  runs: number,
  signal: AbortSignal,
): AsyncGenerator<Measurement> {
  const rates: number[] = [];
  const latencies: number[] = [];
  let bytes = 0;
  for (let n = 0; n <= runs && !signal.aborted; n++) {
    const headers = { 'accept-encoding': 'gzip' };
    const result = await autocannon({
      url,
      headers,
      connections: CONNECTIONS,
      duration: n === 0 ? 1 : seconds,
    });
    const answered = result['2xx'];
    if (answered === 0 || result.non2xx > 0 || result.errors > 0)
      throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
    if (n === 0) continue; // To warm up.
    rates.push(answered / result.duration);
    latencies.push(result.latency.p99);
    bytes = result.throughput.total / answered;
  }
  yield {
    what: `status page of ${SHOWN_MONITORS} monitors`,
    value: median(rates),
    unit: 'requests/s',
    target: { atLeast: 1000 },
    note: `p99 ${median(latencies)} ms; ${Math.round(bytes / 1000)} kB each`,
  };
}
