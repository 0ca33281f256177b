import type { MaintenanceRule, MaintenanceSpan } from '@gomon/domain';
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';

/** Seconds and minutes are no rhythm of maintenance; and they would be long lists. */
const RULE = /^FREQ=(HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z]+=[A-Z0-9,+-]+)*$/;
const LONGEST_RULE = 200;
/** A rule that asks for more work than these is not one that people mean. */
const LIMITS = { maxIterations: 20_000, maxCandidateEvaluations: 100_000 };
const MOST_SPANS = 1000;

/** The spans that begin in [from, to), oldest first; at most 1000. Throws when `isMaintenanceRule` is false of the rule. */
export function maintenanceSpans(rule: MaintenanceRule, from: Date, to: Date): MaintenanceSpan[] {
  const starts = rule.rrule === null ? [rule.startsAt.getTime()] : startsOf(rule, rule.rrule, from, to);
  return starts
    .filter((start) => start >= from.getTime() && start < to.getTime())
    .slice(0, MOST_SPANS)
    .map((start) => ({ from: new Date(start), until: new Date(start + rule.durationSeconds * 1000) }));
}

/** Whether the rule is one, can be worked with, and comes true within a year. */
export function isMaintenanceRule(rule: MaintenanceRule): boolean {
  if (rule.rrule === null) return true;
  if (rule.rrule.length > LONGEST_RULE || !RULE.test(rule.rrule)) return false;
  try {
    const aYearOn = new Date(rule.startsAt.getTime() + 400 * 86_400_000);
    return maintenanceSpans(rule, rule.startsAt, aYearOn).length > 0;
  } catch {
    return false;
  }
}

export function isTimeZone(text: string): boolean {
  try {
    return /^[A-Za-z]/.test(text) && Boolean(new Intl.DateTimeFormat('en', { timeZone: text }));
  } catch {
    return false;
  }
}

function startsOf({ startsAt, timeZone }: MaintenanceRule, rruleString: string, from: Date, to: Date): number[] {
  const dtstart = Temporal.Instant.fromEpochMilliseconds(startsAt.getTime()).toZonedDateTimeISO(timeZone);
  const recurrence = new RRuleTemporal({ rruleString, dtstart, temporal: Temporal, ...LIMITS });
  return recurrence.between(from, to, true).map((moment) => moment.epochMilliseconds);
}
