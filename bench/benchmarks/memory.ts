// Resident memory of each app, from its bundle, at its work, all at once: a prober with 500 probes in flight, a scheduler with a million monitors, an
// API that is asked all the time; and whether it grows.
import autocannon from 'autocannon';
import { signIn } from '../../tools/local-stack/demo/api-client.ts';
import type { Benchmark, Measurement } from '../benchmark.ts';
import { residentMemory } from '../figures/cpu-time.ts';
import { slope } from '../figures/line.ts';
import { startLoadTarget } from '../rig/load-target.ts';
import { buildBundles } from '../rig/processes.ts';
import { startRig } from '../rig/rig.ts';

const SLOW_INTERVAL_SECONDS = 10;
const SLOW_CHECKS_PER_SECOND = 100;
const ANSWER_AFTER_MS = 4900; // 100 checks a second of 4.9 s each are 490 in flight.
const IDLE_INTERVAL_SECONDS = 3600;
const REQUESTS_PER_SECOND = 200;
const SAMPLE_EVERY_MS = 1000;
const SAMPLES_PER_MINUTE = 60_000 / SAMPLE_EVERY_MS;
/** V8 takes some minutes until its heap has the size that the work needs. */
const WHOLE = { monitors: 1_000_000, warmUpSeconds: 180, seconds: 600 };
const REDUCED = { monitors: 30_000, warmUpSeconds: 5, seconds: 10 };

export const benchmark: Benchmark = async function* ({ reduced, say, signal }) {
  const { monitors, warmUpSeconds, seconds } = reduced ? REDUCED : WHOLE;
  await buildBundles();
  const rig = await startRig({
    intervalSeconds: SLOW_INTERVAL_SECONDS,
    bundled: true,
    say,
    signal,
  });
  const slowTarget = await startLoadTarget({
    directory: rig.servers.directory,
    delayMs: ANSWER_AFTER_MS,
  });
  let requests: autocannon.Instance | undefined;
  try {
    await rig.load.register(monitors, {
      intervalSeconds: IDLE_INTERVAL_SECONDS,
      url: `${rig.target.url}/`,
    });
    await rig.load.setRate(SLOW_CHECKS_PER_SECOND, {
      intervalSeconds: SLOW_INTERVAL_SECONDS,
      url: `${slowTarget.url}/`,
    });
    say(`  ${monitors} monitors are there`);
    const api = await rig.start('api', 1);
    const prober = await rig.start('prober', 1);
    requests = await startRequests(api.apiUrl, `${rig.target.url}/read`);
    let refused = 0;
    requests.on('response', (_client, status) => (refused += status === 200 ? 0 : 1));
    const apps = {
      'prober, 490 in flight': prober,
      [`scheduler, ${monitors.toLocaleString('en')} monitors`]: rig.schedulers,
      'api under load': api,
    };
    const samples = new Map<string, number[]>(Object.keys(apps).map((app) => [app, []]));
    for (
      const endAt = performance.now() + (warmUpSeconds + seconds) * 1000;
      performance.now() < endAt;
    ) {
      await rig.pause(SAMPLE_EVERY_MS);
      for (const [app, { pids }] of Object.entries(apps))
        samples.get(app)?.push(residentMemory(pids[0] ?? 0));
    }
    if (refused > 0) throw new Error(`the API refused ${refused} requests`);
    for (const [app, megabytes] of samples) yield* figures(app, megabytes, warmUpSeconds, reduced);
  } finally {
    requests?.stop();
    await slowTarget.stop();
    await rig.stop();
  }
};

function* figures(
  app: string,
  megabytes: readonly number[],
  warmUpSeconds: number,
  reduced: boolean,
): Generator<Measurement> {
  yield {
    what: app,
    value: Math.max(...megabytes),
    unit: 'MB',
    target: { atMost: 200 },
    note: 'the most that was seen',
  };
  const after = megabytes.slice((warmUpSeconds * 1000) / SAMPLE_EVERY_MS);
  yield {
    what: `${app}: growth`,
    value: slope(after) * SAMPLES_PER_MINUTE,
    unit: 'MB/min',
    target: reduced ? undefined : { atMost: 1 },
    note: `least squares over ${after.length} s after ${warmUpSeconds} s${reduced ? '; too short to be judged' : ''}`,
  };
}

/** A user who looks at monitors, their statistics, checks and alerts, until it is stopped. */
async function startRequests(apiUrl: string, monitorUrl: string): Promise<autocannon.Instance> {
  const credentials = { username: 'reader', password: 'a long passphrase' };
  const client = await signIn(apiUrl, credentials.username, credentials.password);
  const settings = { name: 'read', url: monitorUrl, threshold: 2, intervalSeconds: 60 };
  const { id } = await client.post<{ id: string }>('/v1/monitors', settings);
  const { token } = await client.post<{ token: string }>('/v1/sessions', credentials);
  const monitor = `/v1/monitors/${id}`;
  const paths = [
    '/v1/monitors',
    monitor,
    `${monitor}/stats?period=24h`,
    `${monitor}/checks`,
    '/v1/alerts',
  ];
  const headers = { authorization: `Bearer ${token}` };
  const options = {
    url: apiUrl,
    connections: 10,
    duration: 7200,
    overallRate: REQUESTS_PER_SECOND,
  };
  return autocannon({ ...options, requests: paths.map((path) => ({ path, headers })) }, () => {});
}
