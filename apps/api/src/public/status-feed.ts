import type { StatusMessage } from '@gomon/domain';
import { markup, type Markup } from './markup.ts';
import type { PublicIncident } from './public-incidents.ts';
import type { PublicEntry, PublicMaintenance, PublicPage } from './public-page.ts';

/** A status page as RSS 2.0. `url` is the page's address. */
export function statusFeed(url: string, page: PublicPage): string {
  const { title, description, messages, maintenance, incidents, groups, now } = page;
  const said = messages.filter(({ startsAt }) => startsAt <= now).map(messageItem);
  const entries = [
    ...new Map(
      groups.flatMap((group) => group.entries).map((entry) => [entry.name, entry]),
    ).values(),
  ];
  const items = [
    ...said,
    ...incidents.flatMap(incidentItems),
    ...maintenance.flatMap((each) => maintenanceItems(each, now)),
    ...entries.filter(({ state }) => state === 'stale').map((entry) => staleItem(entry, now)),
  ].sort((a, b) => b.at.getTime() - a.at.getTime());
  return markup`<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>${title}</title><link>${url}</link><description>${description || title}</description>
${items.map((item) => toXml(url, item))}</channel></rss>
`.markup;
}

interface Item {
  /** Unique within the page. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly at: Date;
}

function messageItem({ id, title, body, kind, startsAt, endsAt }: StatusMessage): Item {
  const end = endsAt ? ` Until ${endsAt.toISOString()}.` : '';
  return { id, title: `${kind}: ${title}`, text: `${body}${end}`, at: startsAt };
}

function incidentItems({ name, openedAt, resolvedAt, isUnseen }: PublicIncident): Item[] {
  const down = {
    id: `down ${name} ${openedAt.toISOString()}`,
    title: `${name} is down`,
    text: '',
    at: openedAt,
  };
  if (resolvedAt === null) return [down];
  const text = `It was down since ${openedAt.toISOString()}.`;
  return [
    down,
    {
      id: `up ${name} ${resolvedAt.toISOString()}`,
      title: isUnseen ? `${name} is no longer checked` : `${name} is up again`,
      text,
      at: resolvedAt,
    },
  ];
}

/** Only current maintenance: planned maintenance has no publication time. */
function maintenanceItems({ name, monitor, spans }: PublicMaintenance, now: Date): Item[] {
  return spans
    .filter(({ from }) => from <= now)
    .map(({ from, until }) => ({
      id: `maintenance ${name} ${from.toISOString()}`,
      title: `maintenance: ${name}`,
      text: `${monitor ?? 'Everything'} is in maintenance until ${until.toISOString()}.`,
      at: from,
    }));
}

function staleItem({ name, lastKnownSlot }: PublicEntry, now: Date): Item {
  const since = lastKnownSlot === null ? '' : ` since ${lastKnownSlot.toISOString()}`;
  return {
    id: `unknown ${name}${since}`,
    title: `${name} is unknown`,
    text: `It was not checked${since}.`,
    at: lastKnownSlot ?? now,
  };
}

function toXml(url: string, { id, title, text, at }: Item): Markup {
  return markup`<item><title>${title}</title><link>${url}</link><guid isPermaLink="false">${id}</guid><pubDate>${at.toUTCString()}</pubDate><description>${text}</description></item>
`;
}
