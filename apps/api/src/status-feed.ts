import type { StatusMessage } from '@gomon/domain';
import { markup, type Markup } from './markup.ts';
import type { PublicIncident, PublicPage } from './public-page.ts';

/** A status page as RSS 2.0. `url` is where the page is. */
export function statusFeed(url: string, { title, description, messages, incidents, now }: PublicPage): string {
  const said = messages.filter(({ startsAt }) => startsAt <= now).map(messageItem);
  const items = [...said, ...incidents.flatMap(incidentItems)].sort((a, b) => b.at.getTime() - a.at.getTime());
  return markup`<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>${title}</title><link>${url}</link><description>${description || title}</description>
${items.map((item) => toXml(url, item))}</channel></rss>
`.markup;
}

interface Item {
  /** Its own among those of the page. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly at: Date;
}

function messageItem({ id, title, body, kind, startsAt, endsAt }: StatusMessage): Item {
  const end = endsAt ? ` Until ${endsAt.toISOString()}.` : '';
  return { id, title: `${kind}: ${title}`, text: `${body}${end}`, at: startsAt };
}

function incidentItems({ name, openedAt, resolvedAt }: PublicIncident): Item[] {
  const down = { id: `down ${name} ${openedAt.toISOString()}`, title: `${name} is down`, text: '', at: openedAt };
  if (resolvedAt === null) return [down];
  const text = `It was down since ${openedAt.toISOString()}.`;
  return [down, { id: `up ${name} ${resolvedAt.toISOString()}`, title: `${name} is up again`, text, at: resolvedAt }];
}

function toXml(url: string, { id, title, text, at }: Item): Markup {
  return markup`<item><title>${title}</title><link>${url}</link><guid isPermaLink="false">${id}</guid><pubDate>${at.toUTCString()}</pubDate><description>${text}</description></item>
`;
}
