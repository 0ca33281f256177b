import { expect, test } from '@jest/globals';
import { isMaintenanceRule, isTimeZone, maintenanceSpans } from './maintenance-spans.ts';

const rule = {
  startsAt: new Date('2026-03-01T01:30:00Z'),
  durationSeconds: 3600,
  rrule: 'FREQ=WEEKLY;BYDAY=SU',
  timeZone: 'Europe/Vienna',
};
const startsIn = (given: Partial<typeof rule> | { rrule: null }, from: string, to: string) =>
  maintenanceSpans({ ...rule, ...given }, new Date(from), new Date(to)).map((span) => span.from.toISOString());

test('a window that is there once has one span', () => {
  const once = { ...rule, rrule: null };
  expect(maintenanceSpans(once, new Date('2026-03-01'), new Date('2026-03-02'))).toEqual([
    { from: rule.startsAt, until: new Date('2026-03-01T02:30:00Z') },
  ]);
  expect(maintenanceSpans(once, new Date('2026-03-02'), new Date('2026-04-02'))).toEqual([]);
});

test('a window that recurs keeps its hour on the clocks of its time zone', () => {
  expect(startsIn({ startsAt: new Date('2026-03-15T08:00:00Z') }, '2026-03-20', '2026-04-06')).toEqual([
    '2026-03-22T08:00:00.000Z',
    '2026-03-29T07:00:00.000Z',
    '2026-04-05T07:00:00.000Z',
  ]);
});

test('spans of neighbouring ranges are those of the whole', () => {
  const [a, b, c] = ['2026-03-01T01:30:00Z', '2026-03-22T01:30:00Z', '2026-05-01T00:00:00Z'] as const;
  expect([...startsIn({}, a, b), ...startsIn({}, b, c)]).toEqual(startsIn({}, a, c));
});

test('a rule years old is found fast enough to be asked every minute', () => {
  const old = { startsAt: new Date('2016-01-01T03:00:00Z'), rrule: 'FREQ=DAILY' };
  expect(startsIn(old, '2026-01-01', '2026-01-08')).toHaveLength(7);
});

test.each([
  'FREQ=SECONDLY',
  'FREQ=MINUTELY',
  'FREQ=SOMETIMES',
  '',
  'RRULE:FREQ=DAILY',
  'DTSTART:20260101T000000Z\nFREQ=DAILY',
  `FREQ=DAILY;BYHOUR=${'1,'.repeat(200)}1`,
  'FREQ=DAILY;COUNT=-1;BYHOUR=99',
])('%j is no rule', (rrule) => {
  expect(isMaintenanceRule({ ...rule, rrule })).toBe(false);
});

test.each(['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=3', 'FREQ=MONTHLY;BYDAY=1SU', 'FREQ=DAILY;COUNT=5;INTERVAL=2'])(
  '%s is a rule',
  (rrule) => {
    expect(isMaintenanceRule({ ...rule, rrule })).toBe(true);
  },
);

test('a time zone is one by name', () => {
  expect(['UTC', 'Europe/Vienna', 'Nowhere/Town', '+01:00', ''].map(isTimeZone)).toEqual([true, true, false, false, false]);
});
