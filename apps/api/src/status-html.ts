import type { StatusMessage } from '@gomon/domain';
import { markup, type Markup } from './markup.ts';
import { CONDITIONS, DAYS, type Condition, type PublicEntry, type PublicIncident, type PublicPage } from './public-page.ts';
import { STATUS_STYLE } from './status-style.ts';

/** A status page as HTML. `slug` is as its pattern has it. */
export function statusHtml(slug: string, page: PublicPage): string {
  const { title, description, condition, groups, messages, incidents, now } = page;
  const current = messages.filter((message) => isCurrent(message, now));
  const planned = messages.filter(({ startsAt }) => startsAt > now);
  const past = messages.filter(({ endsAt }) => endsAt && endsAt <= now);
  return document(
    title,
    markup`<link rel="alternate" type="application/rss+xml" title="${title}" href="/status/${slug}/feed.xml">`,
    markup`<header><h1>${title}</h1>${description === '' ? null : markup`<p class="text">${description}</p>`}</header>
<main>
<p class="overall ${condition}" role="status"><span aria-hidden="true">${SIGNS[condition]}</span> ${OVERALL[condition]}</p>
${section('Now', current.map(messageCard))}
${section('Planned', planned.map(messageCard))}
${groups
  .filter(({ entries }) => entries.length > 0)
  .map(
    ({ name, entries }) => markup`<section><h2>${name}</h2><ul>${entries.map((entry) => entryItem(entry, now))}</ul></section>`,
  )}
${legend()}
${section('Last 14 days', [...incidents.map(incidentCard), ...past.map(messageCard)])}
</main>
<footer><span>As of ${time(now)}</span> <a href="/status/${slug}/feed.xml">Feed</a></footer>`,
  ).markup;
}

/** What anybody sees for whom there is no page. */
export function missingHtml(): string {
  return document('No such page', null, markup`<main><h1>No such page</h1><p>There is no status page here.</p></main>`).markup;
}

const SIGNS: Record<Condition, string> = { up: '✓', degraded: '!', down: '✕', none: '–' };
const WORDS: Record<Condition, string> = { up: 'Up', degraded: 'Some checks fail', down: 'Down', none: 'No data' };
const OVERALL: Record<Condition, string> = {
  up: 'All is up',
  degraded: 'Some checks fail',
  down: 'Something is down',
  none: 'Nothing is known at present',
};
/** Told apart by their shapes, too: whole, shorter, broken, a stub. */
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

function entryItem({ name, condition, days, uptime }: PublicEntry, now: Date): Markup {
  const counted = CONDITIONS.toReversed()
    .map((each) => [days.filter((day) => day === each).length, WORDS[each].toLowerCase()] as const)
    .filter(([count]) => count > 0);
  const label = `The last ${DAYS} days: ${counted.map(([count, word]) => `${count} ${word}`).join(', ')}`;
  return markup`<li class="card"><div class="head"><h3>${name}</h3><span class="state ${condition}"><span aria-hidden="true">${SIGNS[condition]}</span> ${WORDS[condition]}</span></div>
<div class="bar"><svg viewBox="0 0 ${4 * DAYS - 1} 24" preserveAspectRatio="none" role="img" aria-label="${label}">${CONDITIONS.map((each) => bars(days, each))}</svg></div>
<div class="ends quiet"><span class="wide">${DAYS} days ago</span><span class="narrow">30 days ago</span><span>Today</span></div>
<p class="quiet">${uptime === null ? 'No checks yet' : `${percent(uptime)} of the checks of ${DAYS} days succeeded`}</p>${troubles(days, now)}</li>`;
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
    return markup`<li><time datetime="${date}">${date}</time> ${WORDS[day]}</li>`;
  });
  return markup`<details class="quiet"><summary>Days with failures: ${items.length}</summary><ul>${list}</ul></details>`;
}

function legend(): Markup {
  const entries = CONDITIONS.toReversed().map(
    (each) =>
      markup`<li><svg viewBox="0 0 3 24" preserveAspectRatio="none" aria-hidden="true"><path class="${each}" d="${shape(each, 0)}"/></svg>${WORDS[each]}</li>`,
  );
  return markup`<ul class="legend quiet" aria-label="What the bars mean">${entries}</ul>
<p class="quiet">A bar is a day (UTC). Down: an alert was open. Some checks fail: failures, but too few for an alert.</p>`;
}

const KINDS: Record<StatusMessage['kind'], string> = { incident: 'Incident', maintenance: 'Maintenance', notice: 'Notice' };

function messageCard({ title, body, kind, startsAt, endsAt }: StatusMessage): Markup {
  return markup`<article class="card"><h3>${KINDS[kind]}: ${title}</h3><p class="quiet">${span(startsAt, endsAt)}</p>${
    body === '' ? null : markup`<p class="text">${body}</p>`
  }</article>`;
}

function incidentCard({ name, openedAt, resolvedAt }: PublicIncident): Markup {
  return markup`<article class="card"><h3>${name} ${resolvedAt === null ? 'is' : 'was'} down</h3><p class="quiet">${span(openedAt, resolvedAt)}</p></article>`;
}

function span(from: Date, to: Date | null): Markup {
  return to === null ? markup`Since ${time(from)}` : markup`${time(from)} to ${time(to)}`;
}

function time(at: Date): Markup {
  const text = at.toISOString();
  return markup`<time datetime="${text.slice(0, 16)}Z">${text.slice(0, 10)} ${text.slice(11, 16)} UTC</time>`;
}

function isCurrent({ startsAt, endsAt }: StatusMessage, now: Date): boolean {
  return startsAt <= now && (endsAt === null || endsAt > now);
}

/** Rounded down: what is not all is not 100 %. */
export function percent(ratio: number): string {
  return `${Math.floor(ratio * 10_000) / 100} %`;
}
