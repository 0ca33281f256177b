// Requests that one API answers in a second, against the least that Fastify can do with a token and an answer of the same shape.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { signIn } from '../../local-stack/api-client.ts';
import { median, type Benchmark } from '../benchmark.ts';
import { cpuTime } from '../cpu-time.ts';
import { startIngestion } from '../ingestion.ts';
import { startApps } from '../processes.ts';

const CONNECTIONS = 16;
const MONITORS = 60;
const ROUNDS = 2;
const ENVIRONMENT = { RATE_LIMIT_PER_MINUTE: '1000000', ADDRESS_RATE_LIMIT_PER_MINUTE: '1000000', LOG_LEVEL: 'warn' };
const PASSWORD = 'a long passphrase';
const bareApi = fileURLToPath(new URL('../children/bare-api.ts', import.meta.url));

interface Endpoint {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
}

interface Trial {
  readonly perSecond: number;
  readonly p99: number;
  /** µs of CPU time a request, of the process that answers and of PostgreSQL. */
  readonly own: number;
  readonly postgres: number;
}

export const benchmark: Benchmark = async function* ({ reduced, runs, say, signal }) {
  const seconds = reduced ? 2 : 8;
  const ingestion = await startIngestion(Math.ceil(MONITORS / 16), say);
  const { servers, load, monitors } = ingestion;
  const apps = await startApps(servers, 'api', [ENVIRONMENT], { say });
  const child = fork(bareApi);
  try {
    for (const shard of monitors.keys()) {
      for (let round = 0; round < ROUNDS; round++) await ingestion.ingest(shard, ingestion.nextRound(shard));
    }
    const client = await signIn(apps.apiUrl, 'reader', PASSWORD);
    const { id: userId } = await client.get<{ id: string }>('/v1/users/me');
    await load.sql.query('UPDATE monitors SET user_id = $1', [userId]);
    const { token } = await client.post<{ token: string }>('/v1/sessions', { username: 'reader', password: PASSWORD });
    const [monitor] = (await client.get<{ items: { id: string }[] }>('/v1/monitors?limit=1')).items;
    const pid = apps.pids[0] ?? 0;
    const endpoints: Record<string, Endpoint> = {
      bare: await bareEndpoint(child, monitor),
      'GET monitor': { url: `${apps.apiUrl}/v1/monitors/${monitor?.id}`, token, pid },
      'list of 50': { url: `${apps.apiUrl}/v1/monitors`, token, pid },
    };
    const trials = new Map<string, Trial[]>();
    for (let n = 0; n <= runs && !signal.aborted; n++) {
      for (const [name, endpoint] of Object.entries(endpoints)) {
        const trial = await request(endpoint, servers.postgres.pid, n === 0 ? 1 : seconds);
        if (n > 0) trials.set(name, [...(trials.get(name) ?? []), trial]); // The first is to warm up.
      }
    }
    const of = (name: string, value: (trial: Trial) => number) => median((trials.get(name) ?? []).map(value));
    for (const name of trials.keys()) {
      const costs = `${Math.round(of(name, ({ own }) => own))} µs and PostgreSQL ${Math.round(of(name, ({ postgres }) => postgres))} µs a request`;
      yield {
        what: name,
        value: of(name, ({ perSecond }) => perSecond),
        unit: 'requests/s',
        note: `p99 ${of(name, ({ p99 }) => p99)} ms; ${costs}`,
      };
    }
    yield {
      what: 'GET monitor, against bare',
      value: of('GET monitor', ({ perSecond }) => perSecond) / of('bare', ({ perSecond }) => perSecond),
      unit: 'ratio',
      target: { atLeast: 0.6 },
      note: 'bare reads nothing: neither whether the session is alive nor the monitor',
    };
  } finally {
    child.kill();
    await apps.stop();
    await ingestion.stop();
  }
};

async function bareEndpoint(child: ReturnType<typeof fork>, monitor: object | undefined): Promise<Endpoint> {
  const answered = once(child, 'message') as Promise<[Omit<Endpoint, 'pid'>]>;
  const failed = once(child, 'exit').then((): never => {
    throw new Error('the bare API ended before it was ready');
  });
  child.send(monitor ?? {});
  const [endpoint] = await Promise.race([answered, failed]);
  return { ...endpoint, pid: child.pid ?? 0 };
}

async function request({ url, token, pid }: Endpoint, postgresPid: number, seconds: number): Promise<Trial> {
  const before = { own: cpuTime(pid), postgres: cpuTime(postgresPid, { family: true }) };
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    headers: { authorization: `Bearer ${token}` },
  });
  const answered = result['2xx'];
  if (answered === 0 || result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
  return {
    perSecond: answered / result.duration,
    p99: result.latency.p99,
    own: (cpuTime(pid) - before.own) / answered,
    postgres: (cpuTime(postgresPid, { family: true }) - before.postgres) / answered,
  };
}
