import pg from 'pg';
import { openDb } from '../src/db/db.ts';
import type { Db } from '../src/index.ts';

/** A scan of a table or partition in a plan. */
export interface Scan {
  /** `Index Scan`, `Seq Scan` … */
  readonly kind: string;
  readonly table: string;
  /** The condition that found the rows; null when all were read. */
  readonly index: string | null;
  /** False for a partition that was planned and then ruled out. */
  readonly executed: boolean;
}

export interface Explained {
  readonly db: Db;
  /** The scans in the plans of all statements that `work` runs, after `timesBefore` unobserved runs. */
  scansOf(work: () => Promise<unknown>, timesBefore?: number): Promise<Scan[]>;
  close(): Promise<void>;
}

const SETTINGS = {
  timezone: 'UTC',
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_format': 'json',
  client_min_messages: 'log',
};

/** A connection whose server reports the plan of each statement it runs. */
export function openExplained(url: string): Explained {
  const options = Object.entries(SETTINGS).map(([name, value]) => `-c ${name}=${value}`);
  const pool = new pg.Pool({ connectionString: url, max: 1, options: options.join(' ') });
  const plans: PlanNode[] = [];
  pool.on('connect', (client) => {
    client.on('notice', ({ message = '' }) => {
      if (message.includes('plan:'))
        plans.push((JSON.parse(message.slice(message.indexOf('{'))) as { Plan: PlanNode }).Plan);
    });
  });
  const db = openDb(pool, () => undefined);
  return {
    db,
    async scansOf(work, timesBefore = RUNS_BEFORE) {
      for (let n = 0; n < timesBefore; n++) await work();
      plans.length = 0;
      await work();
      return plans.flatMap(listScans);
    },
    close: () => db.$disconnect(),
  };
}

/** PostgreSQL plans a prepared statement for any values only after five plans for the given ones. */
const RUNS_BEFORE = 6;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly PlanNode[];
}

/** Writes are not scans. */
function listScans(node: PlanNode): Scan[] {
  const {
    'Node Type': kind,
    'Relation Name': table,
    'Actual Loops': loops,
    Plans: parts = [],
  } = node;
  const scans = parts.flatMap(listScans);
  if (table === undefined || kind === 'ModifyTable') return scans;
  const bitmap = parts.find((part) => part['Node Type'] === 'Bitmap Index Scan');
  return [
    { kind, table, index: (bitmap ?? node)['Index Name'] ?? null, executed: loops > 0 },
    ...scans,
  ];
}
