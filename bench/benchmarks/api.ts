// Requests that one API answers in a second, against the least that Fastify can do with a token and an answer of the same shape.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { signIn } from '../../tools/local-stack/demo/api-client.ts';
import { median, type Benchmark } from '../benchmark.ts';
import { cpuTime } from '../figures/cpu-time.ts';
import { startIngestion } from '../rig/ingestion.ts';
import { startApps, type Processes } from '../rig/processes.ts';

const FEW = 16;
const MANY = 64;
const MONITORS = 60;
const ROUNDS = 2;
const LIMITS = { RATE_LIMIT_PER_MINUTE: '1000000', ADDRESS_RATE_LIMIT_PER_MINUTE: '1000000' };
const PASSWORD = 'a long passphrase';
const bareApi = fileURLToPath(new URL('../children/bare-api.ts', import.meta.url));

interface Endpoint {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
}

interface Load {
  readonly what: string;
  readonly endpoint: Endpoint;
  readonly connections: number;
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
  const apps = await startApps(servers, 'api', [{ ...LIMITS, LOG_LEVEL: 'warn' }], { say });
  const logging = await startApps(servers, 'api', [{ ...LIMITS, LOG_LEVEL: 'info' }], { say });
  const child = fork(bareApi);
  try {
    for (const shard of monitors.keys()) {
      for (let round = 0; round < ROUNDS; round++)
        await ingestion.ingest(shard, ingestion.nextRound(shard));
    }
    const client = await signIn(apps.apiUrl, 'reader', PASSWORD);
    const { id: ownerId } = await client.get<{ id: string }>('/v1/users/me');
    await load.sql.query('UPDATE monitors SET user_id = $1', [ownerId]);
    const { token } = await client.post<{ token: string }>('/v1/sessions', {
      username: 'reader',
      password: PASSWORD,
    });
    const [monitor] = (await client.get<{ items: { id: string }[] }>('/v1/monitors?limit=1')).items;
    const bare = await bareEndpoint(child, monitor);
    const at = ({ apiUrl, pids }: Processes, path: string): Endpoint => ({
      url: `${apiUrl}${path}`,
      token,
      pid: pids[0] ?? 0,
    });
    const one = `/v1/monitors/${monitor?.id}`;
    const loads: Load[] = [
      { what: `bare, ${FEW} connections`, endpoint: bare, connections: FEW },
      { what: `GET monitor, ${FEW} connections`, endpoint: at(apps, one), connections: FEW },
      { what: `bare, ${MANY} connections`, endpoint: bare, connections: MANY },
      { what: `GET monitor, ${MANY} connections`, endpoint: at(apps, one), connections: MANY },
      {
        what: `GET monitor, ${MANY} connections, each request logged`,
        endpoint: at(logging, one),
        connections: MANY,
      },
      {
        what: `list of 50, ${FEW} connections`,
        endpoint: at(apps, '/v1/monitors'),
        connections: FEW,
      },
    ];
    const trials = new Map<string, Trial[]>();
    for (let n = 0; n <= runs && !signal.aborted; n++) {
      for (const load of loads) {
        const trial = await request(load, servers.postgres.pid, n === 0 ? 1 : seconds);
        if (n > 0) trials.set(load.what, [...(trials.get(load.what) ?? []), trial]); // The first is to warm up.
      }
    }
    const of = (what: string, value: (trial: Trial) => number) =>
      median((trials.get(what) ?? []).map(value));
    for (const what of trials.keys()) {
      const costs = `${Math.round(of(what, ({ own }) => own))} µs and PostgreSQL ${Math.round(of(what, ({ postgres }) => postgres))} µs a request`;
      yield {
        what,
        value: of(what, ({ perSecond }) => perSecond),
        unit: 'requests/s',
        note: `p99 ${of(what, ({ p99 }) => p99)} ms; ${costs}`,
      };
    }
    const ratio = (connections: number) => {
      const [ours, theirs] = ['GET monitor', 'bare'].map(
        (name) => trials.get(`${name}, ${connections} connections`) ?? [],
      );
      return median(
        (ours ?? []).map(({ perSecond }, n) => perSecond / (theirs?.[n]?.perSecond ?? NaN)),
      );
    };
    const note = 'bare reads nothing: neither whether the session is alive nor the monitor';
    yield {
      what: `GET monitor, against bare, ${FEW} connections`,
      value: ratio(FEW),
      unit: 'ratio',
      note,
    };
    yield {
      what: `GET monitor, against bare, ${MANY} connections`,
      value: ratio(MANY),
      unit: 'ratio',
      target: { atLeast: 0.6 },
      note,
    };
  } finally {
    child.kill();
    await Promise.all([apps.stop(), logging.stop()]);
    await ingestion.stop();
  }
};

async function bareEndpoint(
  child: ReturnType<typeof fork>,
  monitor: object | undefined,
): Promise<Endpoint> {
  const answered = once(child, 'message') as Promise<[Omit<Endpoint, 'pid'>]>;
  const failed = once(child, 'exit').then((): never => {
    throw new Error('the bare API ended before it was ready');
  });
  child.send(monitor ?? {});
  const [endpoint] = await Promise.race([answered, failed]);
  return { ...endpoint, pid: child.pid ?? 0 };
}

async function request(
  { endpoint, connections }: Load,
  postgresPid: number,
  seconds: number,
): Promise<Trial> {
  const { url, token, pid } = endpoint;
  const before = { own: cpuTime(pid), postgres: cpuTime(postgresPid, { family: true }) };
  const result = await autocannon({
    url,
    connections,
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
