import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clockOf, naiveHours, naiveMoments } from './naive-starts.ts';
import { recurrenceStarts } from './recurrence-starts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MINUTES = 60_000;

/** Its starts in [from, to), for a rule that begins at `from` unless given otherwise. */
function starts(
  rrule: string,
  timeZone: string,
  from: string,
  to: string,
  startsAt = from,
): string[] {
  const rule = { startsAt: new Date(startsAt), durationSeconds: 3600, rrule, timeZone };
  return recurrenceStarts(rule, Date.parse(from), Date.parse(to)).map((at) =>
    new Date(at).toISOString().replace(':00.000Z', 'Z'),
  );
}

describe('in the night when clocks go forward', () => {
  test('a window at a skipped time begins as long after midnight as usual', () => {
    expect(starts('FREQ=DAILY', 'Europe/Vienna', '2027-03-27T01:30Z', '2027-03-30T00:00Z')).toEqual(
      ['2027-03-27T01:30Z', '2027-03-28T01:30Z', '2027-03-29T00:30Z'],
    );
  });

  test('a window on the last Sunday of March runs from two to six', () => {
    expect(
      starts('FREQ=MONTHLY;BYDAY=-1SU', 'Europe/Vienna', '2026-01-25T01:00Z', '2026-05-01T00:00Z'),
    ).toEqual(['2026-01-25T01:00Z', '2026-02-22T01:00Z', '2026-03-29T01:00Z', '2026-04-26T00:00Z']);
  });

  test('it counts', () => {
    expect(
      starts('FREQ=DAILY;COUNT=3', 'Europe/Vienna', '2027-03-27T01:30Z', '2027-04-30T00:00Z'),
    ).toHaveLength(3);
    expect(
      starts(
        'FREQ=DAILY;COUNT=3',
        'Europe/Vienna',
        '2027-03-29T00:00Z',
        '2027-04-30T00:00Z',
        '2027-03-27T01:30Z',
      ),
    ).toEqual(['2027-03-29T00:30Z']);
  });

  test('two local times at the same moment count once', () => {
    expect(
      starts('FREQ=DAILY;BYHOUR=2,3', 'Europe/Vienna', '2027-03-28T00:30Z', '2027-03-29T00:00Z'),
    ).toEqual(['2027-03-28T01:30Z']);
  });

  test.each([
    ['Australia/Lord_Howe', '2026-10-02T15:45Z', '2026-10-03T15:45Z'], // 02:15 is skipped: clocks go from 02:00 to 02:30.
    ['America/Sao_Paulo', '2018-11-03T03:30Z', '2018-11-04T03:30Z'], // 00:30, on a day that begins at 01:00.
    ['Asia/Gaza', '2027-03-26T00:15Z', '2027-03-27T00:15Z'],
    ['Antarctica/Troll', '2027-03-27T01:30Z', '2027-03-28T01:30Z'],
    ['Pacific/Apia', '2011-12-29T20:00Z', '2011-12-30T20:00Z'], // 10:00 on the 30th of December, a day that was skipped.
  ])('in %s the window begins 24 hours after that of the day before', (timeZone, before, then) => {
    const to = new Date(Date.parse(then) + HOUR_MS).toISOString();
    expect(starts('FREQ=DAILY', timeZone, before, to)).toEqual([before, then]);
  });
});

describe('in the night when clocks go back', () => {
  test('an hourly window takes place in both equal hours', () => {
    expect(
      starts('FREQ=HOURLY', 'Europe/Vienna', '2027-10-30T23:30Z', '2027-10-31T03:00Z'),
    ).toEqual(['2027-10-30T23:30Z', '2027-10-31T00:30Z', '2027-10-31T01:30Z', '2027-10-31T02:30Z']);
  });

  test('so does a window at certain hours', () => {
    expect(
      starts('FREQ=HOURLY;BYHOUR=2', 'Europe/Vienna', '2027-10-30T00:30Z', '2027-11-01T03:00Z'),
    ).toEqual(['2027-10-30T00:30Z', '2027-10-31T00:30Z', '2027-10-31T01:30Z', '2027-11-01T01:30Z']);
  });

  test('a daily window takes place once, at the first of two equal times', () => {
    expect(starts('FREQ=DAILY', 'Europe/Vienna', '2027-10-30T00:30Z', '2027-11-01T03:00Z')).toEqual(
      ['2027-10-30T00:30Z', '2027-10-31T00:30Z', '2027-11-01T01:30Z'],
    );
  });

  test('a window that begins in the second of two equal hours does not take place in the first', () => {
    expect(
      starts('FREQ=DAILY;COUNT=2', 'Europe/Vienna', '2027-10-31T01:30Z', '2027-12-01T00:00Z'),
    ).toEqual(['2027-10-31T01:30Z', '2027-11-01T01:30Z']);
  });
});

test('UNTIL is a moment or a whole local day', () => {
  const until = (end: string) =>
    starts(`FREQ=DAILY;UNTIL=${end}`, 'America/New_York', '2027-03-12T07:30Z', '2027-04-01T00:00Z');
  expect(until('20270314T073000Z')).toEqual([
    '2027-03-12T07:30Z',
    '2027-03-13T07:30Z',
    '2027-03-14T07:30Z',
  ]);
  expect(until('20270314T072959Z')).toHaveLength(2);
  expect(until('20270314')).toHaveLength(3);
  expect(() => until('20270314T033000')).toThrow(RangeError);
});

test.each([
  'FREQ=HOURLY;COUNT=999',
  'FREQ=HOURLY;BYHOUR=3;COUNT=999',
  'FREQ=DAILY;BYDAY=MO;COUNT=999',
])('%s matches 999 times, however long that takes', (rrule) => {
  expect(starts(rrule, 'Europe/Vienna', '2026-01-05T02:00Z', '2066-01-05T02:00Z')).toHaveLength(
    999,
  );
});

/** Each with whether a local time matches: by its time of day, and the rule's other parts. */
const isLastOfMonth = (local: Date, days: number) =>
  new Date(local.getTime() + days * DAY_MS).getUTCMonth() !== local.getUTCMonth();
const RULES: Readonly<Record<string, (local: Date, start: Date) => boolean>> = {
  'FREQ=DAILY': isSameTime,
  'FREQ=DAILY;BYHOUR=0,1,2,3': (local, start) =>
    local.getUTCHours() < 4 && isSameTime(local, start, HOUR_MS),
  'FREQ=WEEKLY;BYDAY=SA,SU': (local, start) =>
    [0, 6].includes(local.getUTCDay()) && isSameTime(local, start),
  'FREQ=MONTHLY;BYDAY=-1SU': (local, start) =>
    local.getUTCDay() === 0 && isLastOfMonth(local, 7) && isSameTime(local, start),
  'FREQ=MONTHLY;BYDAY=SU;BYSETPOS=-1': (local, start) =>
    local.getUTCDay() === 0 && isLastOfMonth(local, 7) && isSameTime(local, start),
  'FREQ=MONTHLY;BYMONTHDAY=-1': (local, start) =>
    isLastOfMonth(local, 1) && isSameTime(local, start),
  'FREQ=YEARLY;BYMONTH=3,4,10;BYDAY=SU': (local, start) =>
    [2, 3, 9].includes(local.getUTCMonth()) && local.getUTCDay() === 0 && isSameTime(local, start),
};
const HOURLY: Readonly<Record<string, (local: Date) => boolean>> = {
  'FREQ=HOURLY': () => true,
  'FREQ=HOURLY;BYHOUR=0,2,3': (local) => [0, 2, 3].includes(local.getUTCHours()),
  'FREQ=HOURLY;BYDAY=SU': (local) => local.getUTCDay() === 0,
  'FREQ=HOURLY;BYMONTHDAY=-1': (local) => isLastOfMonth(local, 1),
};

function isSameTime(local: Date, start: Date, unit = DAY_MS): boolean {
  return (local.getTime() - start.getTime()) % unit === 0;
}

const ZONES = {
  UTC: [2027],
  'Europe/Vienna': [2026, 2027],
  'America/New_York': [2027],
  'America/Sao_Paulo': [2018],
  'Australia/Lord_Howe': [2026],
  'Africa/Casablanca': [2027],
  'Africa/Cairo': [2026],
  'Asia/Gaza': [2027],
  'Antarctica/Troll': [2027],
  'Pacific/Apia': [2011],
  'Pacific/Chatham': [2026],
};

/** The hours of the years before a clock change, and New Year's Day. */
const CHANGES = Object.entries(ZONES).flatMap(([timeZone, years]) => {
  const clock = clockOf(timeZone);
  return years.flatMap((year) => {
    const hours = Array.from(
      { length: 364 * 24 },
      (_, hour) => Date.UTC(year, 0, 1) + hour * HOUR_MS,
    );
    const changed = hours.filter((at) => clock(at) - at !== clock(at + HOUR_MS) - at - HOUR_MS);
    return [Date.UTC(year, 0, 1), ...changed].map((near) => ({ timeZone, near }));
  });
});

const anyStart = fc
  .record({
    change: fc.constantFrom(...CHANGES),
    quarters: fc.integer({ min: -12 * 96, max: 96 }),
    days: fc.integer({ min: 1, max: 20 }),
  })
  .map(({ change: { timeZone, near }, quarters, days }) => {
    const start = near + quarters * 15 * MINUTES;
    return { timeZone, start, to: near + 2 * DAY_MS + days * DAY_MS };
  });

interface End {
  readonly count?: number;
  readonly quarters?: number;
}

const anyEnd: fc.Arbitrary<End> = fc.oneof(
  fc.constant({}),
  fc.record({ count: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ quarters: fc.integer({ min: 0, max: 30 * 96 }) }),
);

function endOf(end: End, start: number): { text: string; last: number } {
  if (end.quarters === undefined)
    return { text: end.count === undefined ? '' : `;COUNT=${end.count}`, last: Infinity };
  const last = start + end.quarters * 15 * MINUTES;
  return { text: `;UNTIL=${new Date(last).toISOString().replace(/[-:]|\.000/g, '')}`, last };
}

test('a rule of days or longer matches what a clock shows every quarter of an hour', () => {
  fc.assert(
    fc.property(
      anyStart,
      fc.constantFrom(...Object.keys(RULES)),
      anyEnd,
      ({ timeZone, start, to }, name, end) => {
        const { text, last } = endOf(end, start);
        const localStart = clockOf(timeZone)(start);
        const isInRule = (local: number) =>
          local >= localStart && (RULES[name]?.(new Date(local), new Date(localStart)) ?? false);
        const lastLocal =
          end.count === undefined ? Infinity : nthLocal(localStart, isInRule, end.count);
        const expected = naiveMoments(
          timeZone,
          start,
          to,
          (local) => isInRule(local) && local <= lastLocal,
        );
        const rule = {
          startsAt: new Date(start),
          durationSeconds: 3600,
          rrule: `${name}${text}`,
          timeZone,
        };
        expect(recurrenceStarts(rule, start, to)).toEqual(expected.filter((at) => at <= last));
      },
    ),
    { numRuns: 100 },
  );
});

function nthLocal(start: number, isInRule: (local: number) => boolean, count: number): number {
  let left = count;
  for (let local = start; local < start + 60 * DAY_MS; local += 15 * MINUTES)
    if (isInRule(local) && --left === 0) return local;
  return Infinity;
}

test('an hourly rule matches by elapsed hours, where the clock shows a matching time', () => {
  fc.assert(
    fc.property(
      anyStart,
      fc.constantFrom(...Object.keys(HOURLY)),
      fc.integer({ min: 1, max: 7 }),
      anyEnd,
      (at, name, hours, end) => {
        const { timeZone, start, to } = at;
        const { text, last } = endOf(end, start);
        const expected = naiveHours(
          { timeZone, start, hours },
          to,
          (local) => HOURLY[name]?.(new Date(local)) ?? false,
        );
        const rule = {
          startsAt: new Date(start),
          durationSeconds: 3600,
          rrule: `${name};INTERVAL=${hours}${text}`,
          timeZone,
        };
        expect(recurrenceStarts(rule, start, to)).toEqual(
          expected.filter((one) => one <= last).slice(0, end.count),
        );
      },
    ),
    { numRuns: 100 },
  );
});

test('the starts of two neighbouring ranges add up to those of the whole range', () => {
  const anyRule = fc.constantFrom(...Object.keys(RULES), ...Object.keys(HOURLY));
  fc.assert(
    fc.property(
      anyStart,
      anyRule,
      anyEnd,
      fc.double({ min: 0, max: 1, noNaN: true }),
      ({ timeZone, start, to }, name, end, share) => {
        const rrule = `${name}${endOf(end, start).text}`;
        const rule = { startsAt: new Date(start), durationSeconds: 3600, rrule, timeZone };
        const middle = Math.round(start + (to - start) * share);
        const halves = [
          ...recurrenceStarts(rule, start, middle),
          ...recurrenceStarts(rule, middle, to),
        ];
        expect(halves).toEqual(recurrenceStarts(rule, start, to));
      },
    ),
    { numRuns: 100 },
  );
});
