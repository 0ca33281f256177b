import { expect, test } from '@jest/globals';
import { isMaintenanceRule, isTimeZone, maintenanceSpans } from './maintenance-spans.ts';

const rule = {
  startsAt: new Date('2026-03-01T01:30:00Z'),
  durationSeconds: 3600,
  rrule: 'FREQ=WEEKLY;BYDAY=SU',
  timeZone: 'Europe/Vienna',
};
const startsIn = (given: Partial<typeof rule> | { rrule: null }, from: string, to: string) =>
  maintenanceSpans({ ...rule, ...given }, new Date(from), new Date(to)).map((span) =>
    span.from.toISOString(),
  );

test('a one-time window has one span', () => {
  const once = { ...rule, rrule: null };
  expect(maintenanceSpans(once, new Date('2026-03-01'), new Date('2026-03-02'))).toEqual([
    { from: rule.startsAt, until: new Date('2026-03-01T02:30:00Z') },
  ]);
  expect(maintenanceSpans(once, new Date('2026-03-02'), new Date('2026-04-02'))).toEqual([]);
});

test('a recurring window keeps its local hour in its time zone', () => {
  expect(
    startsIn({ startsAt: new Date('2026-03-15T08:00:00Z') }, '2026-03-20', '2026-04-06'),
  ).toEqual(['2026-03-22T08:00:00.000Z', '2026-03-29T07:00:00.000Z', '2026-04-05T07:00:00.000Z']);
});

test('the spans of neighbouring ranges add up to those of the whole range', () => {
  const [a, b, c] = [
    '2026-03-01T01:30:00Z',
    '2026-03-22T01:30:00Z',
    '2026-05-01T00:00:00Z',
  ] as const;
  expect([...startsIn({}, a, b), ...startsIn({}, b, c)]).toEqual(startsIn({}, a, c));
});

test('the spans of a rule years old are found fast enough for every minute', () => {
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
  'FREQ=HOURLY;BYMINUTE=0,30',
  'FREQ=DAILY;BYHOUR=1,2;BYMINUTE=0,1;BYSECOND=0,1',
  'FREQ=HOURLY;COUNT=99999',
  'FREQ=DAILY;INTERVAL=99999999999999999999',
  'FREQ=DAILY;INTERVAL=1;INTERVAL=2',
  'FREQ=DAILY;RSCALE=CHINESE',
  'FREQ=DAILY;DTSTART=20200101T000000Z',
  'FREQ=DAILY;toString=1',
  'FREQ=DAILY;BYHOUR=1=2',
  'BYHOUR=1;FREQ=DAILY',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', // The next one is two years off.
  'FREQ=DAILY;UNTIL=20200101T000000Z',
  'FREQ=DAILY;UNTIL=20990101T000000', // By which clock?
  'FREQ=DAILY;UNTIL=20990231',
])('%j is not a rule', (rrule) => {
  expect(isMaintenanceRule({ ...rule, rrule })).toBe(false);
});

test.each([
  'FREQ=DAILY',
  'FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=3',
  'FREQ=MONTHLY;BYDAY=1SU',
  'FREQ=DAILY;COUNT=5;INTERVAL=2',
])('%s is a rule', (rrule) => {
  expect(isMaintenanceRule({ ...rule, rrule })).toBe(true);
});

const HOURS = Array.from({ length: 24 }, (_, hour) => hour).join(',');
test.each([
  'FREQ=HOURLY;COUNT=999',
  'FREQ=HOURLY;BYHOUR=3;COUNT=999',
  'FREQ=DAILY;BYDAY=MO;COUNT=999',
  'FREQ=DAILY;BYMONTH=1;BYMONTHDAY=1;COUNT=999',
  `FREQ=DAILY;BYHOUR=${HOURS};COUNT=999`,
  `FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=${HOURS};BYSETPOS=-1`,
  `FREQ=YEARLY;BYHOUR=${HOURS}`,
  'FREQ=YEARLY;BYYEARDAY=366,365',
  'FREQ=DAILY;BYDAY=5FR',
  'FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=12',
])('%s can be expanded in any week of the next fifty years', (rrule) => {
  const hostile = { ...rule, rrule };
  expect(isMaintenanceRule(hostile)).toBe(true);
  for (const years of [0, 1, 3, 10, 50]) {
    const from = new Date(rule.startsAt.getTime() + years * 365 * 86_400_000);
    expect(
      maintenanceSpans(hostile, from, new Date(from.getTime() + 8 * 86_400_000)).length,
    ).toBeLessThanOrEqual(8 * 24);
  }
});

test('a time zone is known by its name', () => {
  expect(['UTC', 'Europe/Vienna', 'Nowhere/Town', '+01:00', ''].map(isTimeZone)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
