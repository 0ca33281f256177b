// Rules are expanded in local time, as if the zone's clocks never changed; this file decides what
// clock changes mean.
import type { MaintenanceRule } from '@gomon/domain';
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';

export interface RecurringRule extends MaintenanceRule {
  readonly rrule: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** No clock change was ever larger: some islands skipped a day. */
const LARGEST_CHANGE_MS = 25 * HOUR_MS;
/** Hourly rules are expanded this many days at a time. */
const COUNTED_MS = 60 * DAY_MS;
/**
 * A rule that needs more work than this is not meant by people. Every day of fifty years needs
 * less.
 */
const LIMITS = { maxIterations: 20_000, maxCandidateEvaluations: 20_000 };

/**
 * The moments in [from, to) at which the rule matches, in milliseconds, ascending, without
 * duplicates. A skipped local time is read with the offset before the change (RFC 5545, 3.3.5), one
 * that occurs twice is the first; hourly rules follow elapsed time, so they match in both equal
 * hours.
 */
export function recurrenceStarts(rule: RecurringRule, from: number, to: number): number[] {
  const { freq, bare, count, isOver } = readRule(rule.rrule);
  const start = Math.max(from, rule.startsAt.getTime());
  if (start >= to) return [];
  if (freq !== 'HOURLY') {
    const counted = count === null ? bare : `${bare};COUNT=${count}`;
    return between(
      start,
      to,
      daysAndTimes({ ...rule, rrule: counted }, start, to).filter((moment) => !isOver(moment)),
    );
  }
  const hourly = { ...rule, rrule: bare };
  const hours = (after: number, before: number) =>
    between(
      after,
      before,
      everyHour(hourly, after, before).filter((m) => !isOver(m)),
    );
  return count === null
    ? hours(start, to)
    : firstOf(count, hours, rule.startsAt.getTime(), to).filter((at) => at >= start);
}

/** A local time, in milliseconds as if it were UTC, and its moment. */
interface Moment {
  readonly local: number;
  readonly at: number;
}

/** The library expands the rule without its end, which may be a moment rather than a local time. */
function readRule(rrule: string) {
  const parts = new Map(rrule.split(';').map((part) => part.split('=') as [string, string]));
  const { FREQ: freq, COUNT: count, UNTIL: until, ...rest } = Object.fromEntries(parts);
  const bare = [`FREQ=${freq}`, ...Object.entries(rest).map((part) => part.join('='))].join(';');
  return {
    freq,
    bare,
    count: count === undefined ? null : Number(count),
    isOver: until === undefined ? () => false : endOf(until),
  };
}

/** A date is the whole local day; a time is in UTC. */
function endOf(until: string): (moment: Moment) => boolean {
  const [, year, month, day, time] = /^(\d{4})(\d\d)(\d\d)(?:T(\d{6})Z)?$/.exec(until) ?? [];
  if (year === undefined) throw new RangeError('UNTIL must be a date, or a time in UTC');
  const midnight = Temporal.PlainDate.from(`${year}-${month}-${day}`, {
    overflow: 'reject',
  }).toZonedDateTime('UTC').epochMilliseconds;
  if (time === undefined) return ({ local }) => local >= midnight + DAY_MS;
  const [hours = 0, minutes = 0, seconds = 0] = (time.match(/\d\d/g) ?? []).map(Number);
  return ({ at }) => at > midnight + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** For rules of days or longer, around [from, to). */
function daysAndTimes(rule: RecurringRule, from: number, to: number): Moment[] {
  const { timeZone } = rule;
  const startsAt = rule.startsAt.getTime();
  const local = (at: number) => at + offsetOf(at, timeZone);
  const wanted = localTimes(
    rule.rrule,
    local(startsAt),
    local(from) - LARGEST_CHANGE_MS,
    local(to) + LARGEST_CHANGE_MS,
  );
  return wanted.map((time) => {
    const first = momentOf(time, timeZone, 'compatible');
    // A window that begins in the second of two equal hours does not begin in the first.
    return { local: time, at: first >= startsAt ? first : momentOf(time, timeZone, 'later') };
  });
}

/** For hourly rules, around [from, to): between two clock changes all hours are alike. */
function everyHour(
  { rrule, startsAt, timeZone }: RecurringRule,
  from: number,
  to: number,
): Moment[] {
  const found: Moment[] = [];
  for (let since = from - LARGEST_CHANGE_MS; since < to;) {
    const offset = offsetOf(since, timeZone);
    const change =
      zoned(since, timeZone).getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
    const skipped = change < to ? Math.max(0, offsetOf(change, timeZone) - offset) : 0;
    const until = Math.min(change, to) + skipped;
    for (const local of localTimes(
      rrule,
      startsAt.getTime() + offset,
      since + offset,
      until + offset,
    ))
      if (local < until + offset) found.push({ local, at: local - offset });
    since = change;
  }
  return found;
}

function firstOf(
  count: number,
  hours: (from: number, to: number) => number[],
  startsAt: number,
  to: number,
): number[] {
  const found: number[] = [];
  for (let since = startsAt; since < to && found.length < count; since += COUNTED_MS)
    found.push(...hours(since, Math.min(since + COUNTED_MS, to)));
  return found.slice(0, count);
}

function between(from: number, to: number, moments: readonly Moment[]): number[] {
  const starts = new Set(moments.map(({ at }) => at).filter((at) => at >= from && at < to));
  return [...starts].toSorted((a, b) => a - b);
}

/** The local times of the rule from `from` to `to`, all as if they were UTC. */
function localTimes(rruleString: string, dtstart: number, from: number, to: number): number[] {
  const recurrence = new RRuleTemporal({
    rruleString,
    dtstart: zoned(dtstart, 'UTC'),
    temporal: Temporal,
    ...LIMITS,
  });
  return recurrence
    .between(new Date(from), new Date(to), true)
    .map((time) => time.epochMilliseconds);
}

function momentOf(local: number, timeZone: string, disambiguation: 'compatible' | 'later'): number {
  return zoned(local, 'UTC').toPlainDateTime().toZonedDateTime(timeZone, { disambiguation })
    .epochMilliseconds;
}

const offsetOf = (at: number, timeZone: string) => zoned(at, timeZone).offsetNanoseconds / 1e6;
const zoned = (at: number, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
