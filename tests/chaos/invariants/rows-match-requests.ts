import type { TargetRequest } from '../target/target-log.ts';
import type { MonitorLife } from '../workload/life.ts';
import type { Row } from '../evidence/evidence.ts';
import { clock, type Invariant } from './invariant.ts';

/** The prober's clock follows the Redis of the queue, whose answers may take two seconds. */
const CLOCK_SECONDS = 1.2;
/** The target's log, the database and the slots have the same clock; a request may begin right on its slot. */
const EARLY_SECONDS = 0.05;

export const rowsMatchRequests: Invariant = {
  name: 'every success and failure is a request that the target had, with that answer',
  check: ({ lives, rows, targetLog }) => {
    const byPath = Map.groupBy(targetLog.requests, (request) => request.path);
    const known = (life: MonitorLife) =>
      (rows.get(life.id) ?? []).filter((row) => row.outcome !== 'unknown');
    const faults = lives.flatMap((life) =>
      withoutRequest(known(life), byPath.get(life.answeredAt) ?? []).map(
        (row) =>
          `${life.name} has ${row.statusCode ?? row.reason} at ${clock(row.slot)}, but no such request`,
      ),
    );
    const count = lives.reduce((total, life) => total + known(life).length, 0);
    return { looked: `${count} rows against ${targetLog.requests.length} requests`, faults };
  },
};

/**
 * The rows to which no request can be assigned, each request to one row only. The requests are taken in the order of their
 * time, each by that row among those that it fits whose time ends first; so as many are assigned as can be.
 */
export function withoutRequest(rows: readonly Row[], requests: readonly TargetRequest[]): Row[] {
  const waiting = new Set(rows);
  for (const request of requests.toSorted((a, b) => a.at - b.at)) {
    const fitting = [...waiting].filter((row) => fits(row, request));
    const first = fitting.toSorted((a, b) => a.checkedAt - b.checkedAt)[0];
    if (first) waiting.delete(first);
  }
  return [...waiting];
}

function fits(row: Row, { at, does, status }: TargetRequest): boolean {
  if (at < row.slot - EARLY_SECONDS || at > row.checkedAt + CLOCK_SECONDS) return false;
  if (row.statusCode !== null) return row.statusCode === status;
  return row.reason === 'connect' ? does === 'break' : row.reason === 'timeout' && status === null;
}

export const noFalseFailure: Invariant = {
  name: 'a target that was always up has no failure, and a forbidden one no known outcome',
  check: ({ lives, rows, targetLog }) => {
    const rowsOf = (life: MonitorLife) => rows.get(life.id) ?? [];
    const describe = (life: MonitorLife, row: Row) =>
      `${life.name} has ${row.outcome} (${row.statusCode ?? row.reason}) at ${clock(row.slot)}, checked at ${clock(row.checkedAt)}`;
    const up = lives.filter(({ kind }) => kind === 'up' || kind === 'slow' || kind === 'moved');
    const isExcused = (row: Row) =>
      targetLog.stalls.some(
        (stall) => stall.until > row.slot && stall.at < row.checkedAt + CLOCK_SECONDS,
      );
    const failures = up.flatMap((life) =>
      rowsOf(life)
        .filter((row) => row.outcome === 'failure' && !isExcused(row))
        .map((row) => describe(life, row)),
    );
    const bait = lives.filter(({ kind }) => kind === 'bait');
    const known = bait.flatMap((life) =>
      rowsOf(life)
        .filter((row) => row.outcome !== 'unknown')
        .map((row) => describe(life, row)),
    );
    const count = [...up, ...bait].reduce((total, life) => total + rowsOf(life).length, 0);
    return {
      looked: `${count} rows of ${up.length + bait.length} monitors`,
      faults: [...failures, ...known],
    };
  },
};
