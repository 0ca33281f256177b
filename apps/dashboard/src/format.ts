const number = new Intl.NumberFormat();
const whole = new Intl.NumberFormat(undefined, { style: 'percent' });
const percent = new Intl.NumberFormat(undefined, { style: 'percent', minimumFractionDigits: 2 });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const hour = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(undefined, { style: 'short', numeric: 'auto' });

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

const NONE = '–';

export const formatNumber = (value: number) => number.format(value);
export const formatMoment = (at: string | number | Date) => moment.format(new Date(at));

/** A label on an axis that spans this many seconds. */
export function formatTick(at: number, spanSeconds: number): string {
  return (spanSeconds > 2 * 86_400 ? day : hour).format(new Date(at * 1000));
}

/** The clock alone for today, with the date otherwise. */
export function formatNear(at: string, now = new Date()): string {
  const date = new Date(at);
  const isToday = date.toDateString() === now.toDateString();
  return isToday ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`;
}

/** Rounded down: what is not whole is never shown as 100 %. */
export function formatRatio(ratio: number | null): string {
  if (ratio === null) return NONE;
  return ratio === 1 ? whole.format(1) : percent.format(Math.floor(ratio * 10_000) / 10_000);
}

export function formatMs(ms: number | null): string {
  if (ms === null) return NONE;
  const [value, unit] = ms < 1000 ? [Math.round(ms), 'millisecond'] : [ms / 1000, 'second'];
  return unitFormat(unit).format(value);
}

/** "4 min 12 sec": the two largest units. */
export function formatDuration(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds));
  const parts = UNITS.flatMap(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count > 0 ? [formatUnit(count, unit)] : [];
  });
  return parts.slice(0, 2).join(' ') || formatUnit(0, 'second');
}

export function formatUnit(count: number, unit: 'day' | 'hour' | 'minute' | 'second'): string {
  return unitFormat(unit).format(count);
}

const unitFormats = new Map<string, Intl.NumberFormat>();

/** Making one takes longer than formatting with it a hundred times. */
function unitFormat(unit: string): Intl.NumberFormat {
  const known = unitFormats.get(unit);
  if (known) return known;
  const made = new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: 2,
  });
  unitFormats.set(unit, made);
  return made;
}

export function formatAge(at: string, now: number): string {
  const seconds = Math.round((Date.parse(at) - now) / 1000);
  const [unit, length] =
    UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? (['second', 1] as const);
  return relative.format(Math.trunc(seconds / length), unit);
}

/** `http_status` in words. */
export function formatReason(reason: string | null): string {
  return reason === null ? '' : (REASONS[reason] ?? reason.replaceAll('_', ' '));
}

const REASONS: Record<string, string> = {
  http_status: 'unexpected status',
  timeout: 'no answer in time',
  dns: 'name not found',
  connect: 'no connection',
  tls: 'TLS failed',
  too_many_redirects: 'too many redirects',
  bad_redirect: 'redirect that leads nowhere',
  protocol: 'not HTTP',
  body: 'text not found in the body',
  blocked_target: 'address not allowed',
  expired: 'checked too late',
  internal: 'fault of the prober',
};
