import { markup, type Markup } from './markup.ts';
import { CONDITIONS, type Condition } from './public-condition.ts';
import { DAYS, type PublicEntry, type PublicPage } from './public-page.ts';
import { incidentCard, maintenanceCard, messageCard, time } from './status-cards.ts';
import { STATUS_STYLE } from './status-style.ts';
import { CONDITION_WORDS, headline, SIGNS, stateWords } from './status-words.ts';

/** A status page as HTML. `slug` matches its pattern. */
export function statusHtml(slug: string, page: PublicPage): string {
  const { title, description, state, groups, messages, maintenance, incidents, now } = page;
  const current = messages.filter((message) => isCurrent(message, now));
  const planned = messages.filter(({ startsAt }) => startsAt > now);
  const past = messages.filter(({ endsAt }) => endsAt && endsAt <= now);
  const running = maintenance.filter(({ spans }) => spans.some(({ from }) => from <= now));
  const coming = maintenance.filter((each) => !running.includes(each));
  return document(
    title,
    markup`<link rel="alternate" type="application/rss+xml" title="${title}" href="/status/${slug}/feed.xml">`,
    markup`<header><h1>${title}</h1>${description === '' ? null : markup`<p class="text">${description}</p>`}</header>
<main>
${delay(page)}<p class="overall ${state ?? 'pending'}" role="status"><span aria-hidden="true">${SIGNS[state ?? 'pending']}</span> ${headline(page)}</p>
${section('Now', [...current.map(messageCard), ...running.map((each) => maintenanceCard(each, now))])}
${section('Planned', [...planned.map(messageCard), ...coming.map((each) => maintenanceCard(each, now))])}
${groups
  .filter(({ entries }) => entries.length > 0)
  .map(
    ({ name, entries }) =>
      markup`<section><h2>${name}</h2><ul>${entries.map((entry) => entryItem(entry, now))}</ul></section>`,
  )}
${legend()}
${section('Last 14 days', [...incidents.map(incidentCard), ...past.map(messageCard)])}
</main>
<footer><span>As of ${time(now)}</span> <a href="/status/${slug}/feed.xml">Feed</a></footer>`,
  ).markup;
}

/** While checks are late, the page shows the time of its content. */
function delay({ delayed, groups }: PublicPage): Markup | null {
  const entries = groups.flatMap((group) => group.entries);
  if (!delayed || entries.length === 0) return null;
  const known = Math.max(
    ...entries.map(({ lastKnownSlot }) => lastKnownSlot?.getTime() ?? -Infinity),
  );
  const from =
    known === -Infinity
      ? 'Nothing is known yet.'
      : markup`This page was last updated at ${time(new Date(known))}.`;
  return markup`<p class="banner" role="alert"><strong>Checks are delayed.</strong> ${from}</p>
`;
}

/** The answer where there is no page. */
export function missingHtml(): string {
  return document(
    'No such page',
    null,
    markup`<main><h1>No such page</h1><p>There is no status page here.</p></main>`,
  ).markup;
}

/** Distinguishable by shape, too: whole, shorter, broken, a stub. */
const SHAPES: Record<Condition, string> = {
  up: '0h3v24h-3z',
  degraded: '9h3v15h-3z',
  down: '0h3v10h-3zm0 14h3v10h-3z',
  none: '19h3v5h-3z',
};

function document(title: string, head: Markup | null, body: Markup): Markup {
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title>
${head}<style>${{ markup: STATUS_STYLE }}</style></head><body>
${body}
</body></html>
`;
}

function section(name: string, items: readonly Markup[]): Markup | null {
  return items.length === 0 ? null : markup`<section><h2>${name}</h2>${items}</section>`;
}

function entryItem(entry: PublicEntry, now: Date): Markup {
  const { name, state, days, uptime } = entry;
  const counted = CONDITIONS.toReversed()
    .map(
      (each) =>
        [days.filter((day) => day === each).length, CONDITION_WORDS[each].toLowerCase()] as const,
    )
    .filter(([count]) => count > 0);
  const label = `The last ${DAYS} days: ${counted.map(([count, word]) => `${count} ${word}`).join(', ')}`;
  return markup`<li class="card"><div class="head"><h3>${name}</h3><span class="state ${state}"><span aria-hidden="true">${SIGNS[state]}</span> ${stateWords(entry)}</span></div>${lastKnown(entry)}
<div class="bar"><svg viewBox="0 0 ${4 * DAYS - 1} 24" preserveAspectRatio="none" role="img" aria-label="${label}">${CONDITIONS.map((each) => bars(days, each))}</svg></div>
<div class="ends quiet"><span class="wide">${DAYS} days ago</span><span class="narrow">30 days ago</span><span>Today</span></div>
<p class="quiet">${uptime === null ? 'No checks yet' : `${percent(uptime)} uptime, last ${DAYS} days`}</p>${troubles(days, now)}</li>`;
}

/** For what is unknown now, whether shown as unknown or still as down. */
function lastKnown({ state, stale, lastKnownSlot }: PublicEntry): Markup | null {
  if (!stale || state === 'maintenance') return null;
  return markup`<p class="quiet">${lastKnownSlot === null ? 'Not checked for hours' : markup`Last checked ${time(lastKnownSlot)}`}</p>`;
}

/** All days of one condition, as one shape. */
function bars(days: readonly Condition[], condition: Condition): Markup | null {
  const places = days.flatMap((day, i) => (day === condition ? [i] : []));
  if (places.length === 0) return null;
  return markup`<path class="${condition}" d="${places.map((place) => shape(condition, 4 * place)).join('')}"/>`;
}

function shape(condition: Condition, x: number): string {
  return `M${x} ${SHAPES[condition]}`;
}

/** The days that were not up, in words. */
function troubles(days: readonly Condition[], now: Date): Markup | null {
  const items = days
    .map((day, i) => [day, new Date(now.getTime() - (DAYS - 1 - i) * 86_400_000)] as const)
    .filter(([day]) => day === 'down' || day === 'degraded')
    .toReversed();
  if (items.length === 0) return null;
  const list = items.map(([day, at]) => {
    const date = at.toISOString().slice(0, 10);
    return markup`<li><time datetime="${date}">${date}</time> ${CONDITION_WORDS[day]}</li>`;
  });
  return markup`<details class="quiet"><summary>Days with failures: ${items.length}</summary><ul>${list}</ul></details>`;
}

function legend(): Markup {
  const entries = CONDITIONS.toReversed().map(
    (each) =>
      markup`<li><svg viewBox="0 0 3 24" preserveAspectRatio="none" aria-hidden="true"><path class="${each}" d="${shape(each, 0)}"/></svg>${CONDITION_WORDS[each]}</li>`,
  );
  return markup`<ul class="legend quiet" aria-label="What the bars mean">${entries}</ul>
<p class="quiet">A bar is a day (UTC). Down: an alert was open. Some checks fail: failures, but too few for an alert.</p>`;
}

function isCurrent({ startsAt, endsAt }: PublicPage['messages'][number], now: Date): boolean {
  return startsAt <= now && (endsAt === null || endsAt > now);
}

/** Rounded down: less than all is never 100 %. */
export function percent(ratio: number): string {
  return `${Math.floor(ratio * 10_000) / 100} %`;
}
