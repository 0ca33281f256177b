// Results that a scheduler takes in a second, from what a job carries to reconciled alerts, against a bare INSERT of as many rows with the
// same rollup: one writer for each shard, one after the other, so that neither disturbs the other.
import { BATCHES } from '@gomon/scheduler/testing';
import { median, type Benchmark, type Measurement } from '../benchmark.ts';
import { openBareInsert } from '../rig/bare-insert.ts';
import { cpuTime } from '../figures/cpu-time.ts';
import { startIngestion, type Ingestion } from '../rig/ingestion.ts';

const BATCH_SIZE = BATCHES.enough;
/** The bare statement writes to other shards, which are as full. */
const FIRST_BARE_SHARD = 8;
const WARM_UP_ROUNDS = 2;
/** Enough monitors that no two batches in progress share one, as when monitors are due now and then. */
const WHOLE = { monitorsPerShard: 8000, rounds: 6 };
const REDUCED = { monitorsPerShard: 4000, rounds: 2 };

/** µs of CPU time a row, by who spent it. */
type Costs = Readonly<Record<'client' | 'PostgreSQL' | 'Redis', number>>;

interface Trial {
  readonly rowsPerSecond: number;
  readonly costs: Costs;
}

export const benchmark: Benchmark = async function* ({ reduced, runs, say, signal }) {
  const { monitorsPerShard, rounds } = reduced ? REDUCED : WHOLE;
  const ingestion = await startIngestion(monitorsPerShard, say);
  const bare = openBareInsert(ingestion.servers.connections.databaseUrl, FIRST_BARE_SHARD);
  try {
    for (const parallel of [1, 4]) {
      const shards = Array.from({ length: parallel }, (_, shard) => shard);
      const product = () =>
        run(ingestion, shards, rounds, (shard, results) => ingestion.ingest(shard, results));
      const bareShards = shards.map((shard) => shard + FIRST_BARE_SHARD);
      const insert = () =>
        run(ingestion, bareShards, rounds, (shard, results) =>
          insertInBatches(bare, shard, results),
        );
      await run(ingestion, shards, WARM_UP_ROUNDS, (shard, results) =>
        ingestion.ingest(shard, results),
      );
      await run(ingestion, bareShards, WARM_UP_ROUNDS, (shard, results) =>
        insertInBatches(bare, shard, results),
      );
      const pairs: { ours: Trial; theirs: Trial }[] = [];
      for (let n = 1; n <= runs && !signal.aborted; n++) {
        const theirs = await insert();
        const ours = await product();
        say(`  ${parallel} × shard, run ${n}: ${rate(ours)} rows/s, bare ${rate(theirs)}`);
        pairs.push({ ours, theirs });
      }
      yield* figures(parallel === 1 ? '1 shard' : `${parallel} shards`, pairs);
    }
    await expectAllStored(ingestion);
  } finally {
    await bare.stop();
    await ingestion.stop();
  }
};

function* figures(
  what: string,
  pairs: readonly { ours: Trial; theirs: Trial }[],
): Generator<Measurement> {
  const ours = middle(pairs.map((pair) => pair.ours));
  const theirs = middle(pairs.map((pair) => pair.theirs));
  yield { what, value: ours.rowsPerSecond, unit: 'rows/s', note: `bare: ${rate(theirs)}` };
  yield {
    what: `${what}, against the bare INSERT`,
    value: median(pairs.map((pair) => pair.ours.rowsPerSecond / pair.theirs.rowsPerSecond)),
    unit: 'ratio',
    target: { atLeast: 0.8 },
  };
  yield {
    what: `${what}, CPU time`,
    value: sum(ours.costs),
    unit: 'µs/row',
    note: `${list(ours.costs)}; bare: ${list(theirs.costs)}`,
  };
}

/** Rounds of all monitors of the shards as one stream; no shard waits for another. */
async function run(
  ingestion: Ingestion,
  shards: readonly number[],
  rounds: number,
  store: (shard: number, results: ReturnType<Ingestion['nextRound']>) => Promise<void>,
): Promise<Trial> {
  const work = shards.map((shard) =>
    Array.from({ length: rounds }, () => ingestion.nextRound(shard)).flat(),
  );
  const rows = work.flat().length;
  await ingestion.load.sql.query('CHECKPOINT');
  const before = readCosts(ingestion);
  const startedAt = performance.now();
  await Promise.all(work.map((results, i) => store(shards[i] ?? 0, results)));
  const seconds = (performance.now() - startedAt) / 1000;
  const after = readCosts(ingestion);
  const cost = (part: keyof Costs) => (after[part] - before[part]) / rows;
  return {
    rowsPerSecond: rows / seconds,
    costs: { client: cost('client'), PostgreSQL: cost('PostgreSQL'), Redis: cost('Redis') },
  };
}

async function expectAllStored({ load, handedOut }: Ingestion): Promise<void> {
  const { rows } = await load.sql.query<{ count: number }>(
    'SELECT count(*)::int4 AS count FROM checks',
  );
  if (rows[0]?.count !== handedOut())
    throw new Error(`${handedOut()} results became ${rows[0]?.count} rows`);
}

async function insertInBatches(
  bare: ReturnType<typeof openBareInsert>,
  shard: number,
  results: ReturnType<Ingestion['nextRound']>,
): Promise<void> {
  for (let i = 0; i < results.length; i += BATCH_SIZE)
    await bare.insert(shard, results.slice(i, i + BATCH_SIZE));
}

function readCosts({ servers }: Ingestion): Costs {
  return {
    client: cpuTime(process.pid),
    PostgreSQL: cpuTime(servers.postgres.pid, { family: true }),
    Redis: servers.redis.reduce((total, redis) => total + cpuTime(redis.pid), 0),
  };
}

function middle(trials: readonly Trial[]): Trial {
  const cost = (part: keyof Costs) => median(trials.map(({ costs }) => costs[part]));
  return {
    rowsPerSecond: median(trials.map((trial) => trial.rowsPerSecond)),
    costs: { client: cost('client'), PostgreSQL: cost('PostgreSQL'), Redis: cost('Redis') },
  };
}

const rate = (trial: Trial) => Math.round(trial.rowsPerSecond);
const sum = (costs: Costs) => costs.client + costs.PostgreSQL + costs.Redis;
const list = (costs: Costs) =>
  Object.entries(costs)
    .map(([part, cost]) => `${part} ${cost.toFixed(1)}`)
    .join(' + ');
