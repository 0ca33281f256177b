import { readDatabaseServer, type DatabaseServer, type Queryable } from '@gomon/persistence';
import { fault, ok, type Finding } from './finding.ts';

const MIN_MAJOR_VERSION = 18;
const MAX_CLOCK_DIFFERENCE_MS = 1000;

export async function checkServer(db: Queryable): Promise<Finding> {
  return judgeServer(await readDatabaseServer(db));
}

export function judgeServer({ version, majorVersion, role }: Omit<DatabaseServer, 'now'>): Finding {
  if (majorVersion < MIN_MAJOR_VERSION)
    return fault(`PostgreSQL ${version} is too old: GoMon needs ${MIN_MAJOR_VERSION}`);
  return ok(`PostgreSQL ${version}, as ${role}`);
}

/** What the answer took on its way is no difference. */
export async function checkClock(db: Queryable, now: () => number): Promise<Finding> {
  const before = now();
  const { now: theirs } = await readDatabaseServer(db);
  const after = now();
  const difference = theirs - (before + after) / 2;
  const isWithin = Math.abs(difference) - (after - before) / 2 <= MAX_CLOCK_DIFFERENCE_MS;
  if (isWithin) return ok('this host and the database agree to within a second');
  const [seconds, direction] = [
    Math.abs(difference / 1000).toFixed(1),
    difference > 0 ? 'behind' : 'ahead of',
  ];
  return fault(`this host's clock is ${seconds} s ${direction} the database's`);
}
