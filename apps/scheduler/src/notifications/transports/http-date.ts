const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`;

/**
 * The three forms of RFC 9110, 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37
 * GMT`, `Sun Nov  6 08:49:37 1994`.
 */
const FORMS = [
  String.raw`^[A-Z][a-z]{2}, (?<day>\d\d) ${MONTH} (?<year>\d{4}) ${TIME} GMT$`,
  String.raw`^[A-Z][a-z]{5,8}, (?<day>\d\d)-${MONTH}-(?<year>\d\d) ${TIME} GMT$`,
  String.raw`^[A-Z][a-z]{2} ${MONTH} (?<day>[ \d]\d) ${TIME} (?<year>\d{4})$`,
].map((form) => new RegExp(form));

const FIFTY_YEARS_MS = 50 * 365.25 * 86_400_000;

/** Milliseconds since the epoch; null for what is not an HTTP-date. */
export function parseHttpDate(text: string, now: number): number | null {
  const parts = FORMS.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (!parts) return null;
  const { year = '', month = '', day, hour, minute, second } = parts;
  const [date, hours, minutes, seconds] = [day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  if (hours > 23 || minutes > 59 || seconds > 60) return null;
  const at = (fullYear: number) =>
    Date.UTC(fullYear, MONTHS.indexOf(month), date, hours, minutes, seconds);
  const moment = year.length === 2 ? centuryOf(Number(year), now, at) : at(Number(year));
  return new Date(moment - seconds * 1000).getUTCDate() === date ? moment : null;
}

/** A two-digit year more than 50 years ahead belongs to the previous century. */
function centuryOf(year: number, now: number, at: (fullYear: number) => number): number {
  const century = Math.floor(new Date(now).getUTCFullYear() / 100) * 100;
  const moment = at(century + year);
  return moment > now + FIFTY_YEARS_MS ? at(century - 100 + year) : moment;
}
