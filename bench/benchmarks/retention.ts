// What ingestion notices of the partitions of a day being dropped: its rate and its longest wait, before and meanwhile.
import { maintainPartitions } from '@gomon/persistence';
import { openBareInsert } from '../rig/bare-insert.ts';
import { median, type Benchmark } from '../benchmark.ts';
import { storeHistory } from '../rig/history.ts';
import { startIngestion, type Ingestion } from '../rig/ingestion.ts';

const DAY_SECONDS = 86_400;
const SHARDS_UNDER_LOAD = 4;
const RETENTION_DAYS = 30;
/** Each run drops a day of all shards: those before the days that are kept. */
const FIRST_EXPIRED_DAY = RETENTION_DAYS + 2;
const WHOLE = { monitorsPerShard: 3000, intervalSeconds: 3600 };
const REDUCED = { monitorsPerShard: 600, intervalSeconds: 14_400 };

export const benchmark: Benchmark = async function* ({ reduced, runs, say, signal }) {
  const { monitorsPerShard, intervalSeconds } = reduced ? REDUCED : WHOLE;
  const ingestion = await startIngestion(monitorsPerShard, say);
  const bare = openBareInsert(ingestion.servers.connections.databaseUrl, 4);
  try {
    const { servers, load, monitors } = ingestion;
    const { databaseUrl } = servers.connections;
    const today = Math.floor(Date.now() / 1000 / DAY_SECONDS) * DAY_SECONDS;
    const spans: { before: Span; meanwhile: Span }[] = [];
    let rows = 0;
    await ingestWhile(ingestion, (isOver) => isOver(QUIET_ROUNDS)); // Opens the alerts of those that fail.
    for (let n = 0; n < runs && !signal.aborted; n++) {
      const from = today - (FIRST_EXPIRED_DAY + n) * DAY_SECONDS;
      rows = await storeHistory(
        bare,
        load.sql,
        { monitors, from: from - 1, to: from + DAY_SECONDS - 2, intervalSeconds },
        say,
      );
      await load.sql.query('CHECKPOINT');
      const quiet = await ingestWhile(ingestion, (isOver) => isOver(QUIET_ROUNDS));
      const dropping = await ingestWhile(ingestion, async (isOver) => {
        const report = await maintainPartitions(databaseUrl, RETENTION_DAYS);
        say(
          `  run ${n + 1}: dropped ${report?.dropped ?? 0} partitions, ${rows.toLocaleString('en')} rows`,
        );
        await isOver(1);
      });
      spans.push({ before: quiet, meanwhile: dropping });
    }
    yield {
      what: 'rate while a day is dropped, against before',
      value: median(
        spans.map(({ before, meanwhile }) => meanwhile.rowsPerSecond / before.rowsPerSecond),
      ),
      unit: 'ratio',
      target: { atLeast: 0.7 },
      note: `${Math.round(median(spans.map(({ before }) => before.rowsPerSecond)))} rows/s before; ${rows.toLocaleString('en')} rows in ${monitors.length} partitions dropped`,
    };
    yield {
      what: 'longest that a job took while a day is dropped',
      value: median(spans.map(({ meanwhile }) => meanwhile.longestMs)),
      unit: 'ms',
      target: { atMost: 1000 },
      note: `before: ${Math.round(median(spans.map(({ before }) => before.longestMs)))}`,
    };
  } finally {
    await bare.stop();
    await ingestion.stop();
  }
};

const QUIET_ROUNDS = 6;

interface Span {
  readonly rowsPerSecond: number;
  /** The longest that the results of one job took. */
  readonly longestMs: number;
}

/** Ingests round after round until `work` has ended; `isOver` waits until that many rounds have ended. */
async function ingestWhile(
  ingestion: Ingestion,
  work: (isOver: (rounds: number) => Promise<void>) => Promise<void>,
): Promise<Span> {
  let ended = false;
  let rows = 0;
  let longestMs = 0;
  let finished = 0;
  const waiting: { rounds: number; resolve: () => void }[] = [];
  const isOver = (rounds: number) =>
    new Promise<void>((resolve) =>
      waiting.push({ rounds: finished + rounds * SHARDS_UNDER_LOAD, resolve }),
    );
  const startedAt = performance.now();
  const ingestShard = async (shard: number) => {
    while (!ended) {
      const results = ingestion.nextRound(shard);
      await ingestion.ingest(
        shard,
        results,
        (milliseconds) => (longestMs = Math.max(longestMs, milliseconds)),
      );
      rows += results.length;
      finished++;
      for (const { rounds, resolve } of waiting) if (finished >= rounds) resolve();
    }
  };
  const load = Promise.all(
    Array.from({ length: SHARDS_UNDER_LOAD }, (_, shard) => ingestShard(shard)),
  );
  try {
    await Promise.race([load, work(isOver)]);
  } finally {
    ended = true;
    await load;
  }
  return { rowsPerSecond: (rows * 1000) / (performance.now() - startedAt), longestMs };
}
