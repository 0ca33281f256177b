import type { StatusMessage } from '@gomon/domain';
import { markup, type Markup } from './markup.ts';
import type { PublicIncident } from './public-incidents.ts';
import type { PublicMaintenance } from './public-page.ts';

const KINDS: Record<StatusMessage['kind'], string> = {
  incident: 'Incident',
  maintenance: 'Maintenance',
  notice: 'Notice',
};

export function messageCard({ title, body, kind, startsAt, endsAt }: StatusMessage): Markup {
  return markup`<article class="card"><h3>${KINDS[kind]}: ${title}</h3><p class="quiet">${span(startsAt, endsAt)}</p>${
    body === '' ? null : markup`<p class="text">${body}</p>`
  }</article>`;
}

/** A window with its next spans; the first may be on now. */
export function maintenanceCard({ name, monitor, spans }: PublicMaintenance, now: Date): Markup {
  const times = spans.map(
    ({ from, until }) =>
      markup`<li>${from <= now ? markup`Until ${time(until)}` : span(from, until)}</li>`,
  );
  return markup`<article class="card maintenance"><h3>Maintenance: ${name}</h3><p class="quiet">${monitor ?? 'Everything on this page'}</p><ul class="quiet">${times}</ul></article>`;
}

export function incidentCard({ name, openedAt, resolvedAt }: PublicIncident): Markup {
  return markup`<article class="card"><h3>${name} ${resolvedAt === null ? 'is' : 'was'} down</h3><p class="quiet">${span(openedAt, resolvedAt)}</p></article>`;
}

function span(from: Date, to: Date | null): Markup {
  return to === null ? markup`Since ${time(from)}` : markup`${time(from)} to ${time(to)}`;
}

export function time(at: Date): Markup {
  const text = at.toISOString();
  return markup`<time datetime="${text.slice(0, 16)}Z">${text.slice(0, 10)} ${text.slice(11, 16)} UTC</time>`;
}
