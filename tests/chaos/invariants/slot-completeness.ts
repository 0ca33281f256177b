import {
  givesImmediateSlot,
  gridSpans,
  type GridSpan,
  type MonitorLife,
} from '../workload/life.ts';
import type { Evidence, Gap, Row } from '../evidence/evidence.ts';
import { clock, type Finding, type Invariant } from './invariant.ts';

/**
 * What becomes of a slot is decided when it is dispatched, which outside of gaps is within the longest interval, a tick and
 * one transaction: an owner's change so soon after it may have taken it away.
 */
const DISPATCH_SECONDS = 12;
/** Results that are under way when their monitor is deleted have no row to go to. */
const UNDER_WAY_SECONDS = 60;
/** An immediate slot comes right after its request was done, off the grid. */
const IMMEDIATE_SECONDS = 4;
/**
 * When the queue's data is lost, the gap reaches back as far as the queue could. What is older than this cannot have been on
 * it any more: its row must be there all the same.
 */
const ON_QUEUE_SECONDS = 90;

export const slotCompleteness: Invariant = {
  name: 'every slot has one row or lies in a gap, and no row lies outside',
  check: (evidence) => {
    const findings = evidence.lives.map((life) => inspect(life, evidence));
    const sum = (part: (finding: Inspection) => number) =>
      findings.reduce((total, finding) => total + part(finding), 0);
    return {
      looked: `${sum((f) => f.due)} slots that were surely due, ${sum((f) => f.inGaps)} of them without a row in a gap; ${sum((f) => f.rows)} rows`,
      faults: findings.flatMap((finding) => finding.faults),
    } satisfies Finding;
  },
};

interface Inspection {
  readonly due: number;
  readonly inGaps: number;
  readonly rows: number;
  readonly faults: string[];
}

function inspect(life: MonitorLife, { rows, gaps, shardOf, endedAt }: Evidence): Inspection {
  const own = rows.get(life.id) ?? [];
  const present = new Set(own.map((row) => row.slot));
  const ownGaps = gaps.filter((gap) => gap.shard === shardOf(life.id));
  const due = [...slotsSurelyDue(life, endedAt), ...immediateSlotsSurelyDue(life)];
  const missing = due.filter((slot) => !present.has(slot));
  const unexcused = missing.filter((slot) => !ownGaps.some((gap) => excuses(gap, slot)));
  const outside = own.filter((row) => !mayHaveRow(life, row));
  const doubled = own.length - present.size;
  return {
    due: due.length,
    inGaps: missing.length - unexcused.length,
    rows: own.length,
    faults: [
      ...unexcused.map((slot) => `${life.name} has no row at ${clock(slot)}, and no gap`),
      ...outside.map((row) => `${life.name} has a row at ${clock(row.slot)}, where it was not due`),
      ...(doubled > 0 ? [`${life.name} has ${doubled} slots twice`] : []),
    ],
  };
}

const excuses = ({ after, through, recordedAt }: Gap, slot: number) =>
  slot > after && slot <= through && slot > recordedAt - ON_QUEUE_SECONDS;

/** Those of its grid that no change of its owner can have touched. */
export function slotsSurelyDue(life: Pick<MonitorLife, 'id' | 'edits'>, endedAt: number): number[] {
  return gridSpans(life).flatMap((span) => {
    const until = Math.min(
      Math.min(span.until, endedAt) - DISPATCH_SECONDS,
      deletedAt(life) - UNDER_WAY_SECONDS,
    );
    return slotsBetween(span, span.from, until);
  });
}

const deletedAt = ({ edits }: Pick<MonitorLife, 'edits'>) =>
  edits.find((edit) => edit.does === 'delete')?.sentAt ?? Infinity;

/** Those after `from` and up to `until`. */
function slotsBetween({ intervalSeconds, phase }: GridSpan, from: number, until: number): number[] {
  const first = Math.floor(from) + 1;
  const start = first + ((((phase - first) % intervalSeconds) + intervalSeconds) % intervalSeconds);
  const count = Math.max(0, Math.floor((until - start) / intervalSeconds) + 1);
  return Array.from({ length: count }, (_, i) => start + i * intervalSeconds);
}

/** Those that were promised, unless the owner changed the monitor again right after. */
function immediateSlotsSurelyDue(life: MonitorLife): number[] {
  return life.edits.flatMap(({ slot }, i) => {
    if (slot === undefined || deletedAt(life) <= slot + UNDER_WAY_SECONDS) return [];
    const next = life.edits.slice(i + 1).find((later) => later.does !== 'check');
    return !next || next.sentAt > slot + DISPATCH_SECONDS ? [slot] : [];
  });
}

function mayHaveRow(life: MonitorLife, { slot }: Row): boolean {
  const onGrid = gridSpans(life).some(
    (span) =>
      slot % span.intervalSeconds === span.phase &&
      slot >= Math.floor(span.possiblyFrom) &&
      slot <= span.possiblyUntil + 1,
  );
  return (
    onGrid ||
    life.edits.some(
      (edit, i) => givesImmediateSlot(life.edits[i - 1], edit) && isRightAfter(edit, slot),
    )
  );
}

const isRightAfter = ({ sentAt, doneAt }: { sentAt: number; doneAt: number }, slot: number) =>
  slot >= Math.floor(sentAt) && slot <= doneAt + IMMEDIATE_SECONDS;
