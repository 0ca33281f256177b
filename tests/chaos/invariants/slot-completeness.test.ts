import { expect, test } from '@jest/globals';
import { phaseOf } from '@gomon/domain';
import type { Edit, MonitorLife, Settings } from '../workload/life.ts';
import type { Evidence, Gap, Row } from '../evidence/evidence.ts';
import { slotCompleteness } from './slot-completeness.ts';

const id = '00000000-0000-4000-8000-000000000001';
const settings: Settings = { intervalSeconds: 5, threshold: 1, windowSeconds: 10, paused: false };
const edit = (
  does: Edit['does'],
  at: number,
  part: Partial<Settings> = {},
  slot?: number,
): Edit => ({
  does,
  sentAt: at,
  doneAt: at + 0.5,
  settings: { ...settings, ...part },
  ...(slot !== undefined && { slot }),
});
const phase = phaseOf(id, 5);
const lifelong: Edit[] = [edit('create', 1000), edit('change', 1100, { paused: true })];

/** The slots of the grid between 1000 and 1100, but not these. */
const grid = (...missing: number[]) =>
  Array.from({ length: 20 }, (_, i) => 1000 + ((((phase - 1000) % 5) + 5) % 5) + i * 5).filter(
    (slot) => !missing.includes(slot),
  );

function judge(edits: Edit[], slots: number[], gaps: Partial<Gap>[] = []): string[] {
  const life: MonitorLife = { id, name: 'up/1', kind: 'up', answeredAt: '/up/1', edits };
  const rows: Row[] = slots.map((slot) => ({
    slot,
    checkedAt: slot,
    outcome: 'success',
    reason: null,
    statusCode: 200,
  }));
  const evidence = {
    lives: [life],
    rows: new Map([[id, rows]]),
    gaps: gaps.map((gap) => ({ shard: 0, after: 0, through: 0, recordedAt: 0, ...gap })),
    shardOf: () => 0,
    endedAt: 1101,
  };
  return [...slotCompleteness.check(evidence as unknown as Evidence).faults];
}

const [, , third = 0, fourth = 0] = grid();

test('a grid that is whole is whole', () => {
  expect(judge(lifelong, grid())).toEqual([]);
});

test('a slot without a row is found, unless it lies in a gap', () => {
  expect(judge(lifelong, grid(third))).toHaveLength(1);
  expect(
    judge(lifelong, grid(third), [{ after: third - 1, through: third, recordedAt: third + 2 }]),
  ).toEqual([]);
  expect(
    judge(lifelong, grid(third), [{ after: third, through: fourth, recordedAt: fourth }]),
  ).toHaveLength(1);
});

test('a gap excuses what may have been on the queue, not what is older', () => {
  expect(
    judge(lifelong, grid(third), [{ after: 0, through: 1100, recordedAt: third + 300 }]),
  ).toHaveLength(1);
});

test('a row off the grid, before the beginning or after the end is found', () => {
  for (const slot of [third + 1, 995 + (((phase % 5) + 5) % 5) - 5, fourth + 100])
    expect(judge(lifelong, [...grid(), slot])).toHaveLength(1);
});

test('what may have been under way when its monitor was deleted may be missing, also when that was paused before', () => {
  const deletedAfter = (seconds: number) => [
    ...lifelong,
    edit('delete', third + seconds, { paused: true }),
  ];
  const due = grid().filter((slot) => slot > 1000 && slot < 1100);
  expect(
    judge(
      deletedAfter(100),
      due.filter((slot) => slot !== third),
    ),
  ).toHaveLength(1);
  const late = due.at(-4) ?? 0;
  expect(
    judge(
      [...lifelong, edit('delete', late + 25, { paused: true })],
      due.filter((slot) => slot !== late),
    ),
  ).toEqual([]);
});

test('right after a change a slot may be missing, and right before its confirmation there', () => {
  const paused = [edit('create', 1000), edit('change', third + 1, { paused: true })];
  expect(
    judge(
      paused,
      grid().filter((slot) => slot < third),
    ),
  ).toEqual([]);
  expect(
    judge(
      paused,
      grid().filter((slot) => slot <= third),
    ),
  ).toEqual([]);
});

test('a check that was promised must come', () => {
  const checked = [
    edit('create', 1000),
    edit('check', third + 0.2, {}, third + 1),
    edit('change', 1100, { paused: true }),
  ];
  expect(judge(checked, grid())).toHaveLength(1);
  expect(judge(checked, [...grid(), third + 1])).toEqual([]);
});
