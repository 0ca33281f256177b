import { randomUUID } from 'node:crypto';
import type { ChannelKind } from '@gomon/domain';
import { addAlert, addNotification, type TestApi } from '../../apps/api/test/test-api.ts';
import { openAccount, type Account } from './account.ts';
import type { Description } from './description.ts';
import { judge, type Answer } from './judge.ts';
import { FIRST_STEPS, type Step } from './steps.ts';

/** A step as it was sent. */
export interface Sent {
  readonly step: Step;
  readonly url: string;
  /** Whether the caller's token or key was good. */
  readonly isLive: boolean;
  /** Whose the object is that the path names, if it names any. */
  readonly names: 'theirs' | 'not theirs' | null;
}

export interface Journey {
  /** Sends one step and takes over what it made. Returns what is wrong with the answer. */
  take(step: Step): Promise<{ sent: Sent; answer: Answer; faults: string[] }>;
}

/** Accounts and objects that are there before a journey and do not change. */
export interface Surroundings {
  readonly api: TestApi;
  readonly description: Description;
  readonly stranger: Account;
  /** Ids of a neighbour, by the noun of their paths. */
  readonly foreign: Readonly<Record<string, string>>;
}

interface Credential {
  readonly token: string | null;
  readonly isLive: boolean;
}

/** A user who begins with one of everything. Everything that a step makes, later steps can use. */
export async function beginJourney({ api, description, stranger, foreign }: Surroundings): Promise<Journey> {
  let owner = await openAccount(api);
  let sentWhileDead = 0;
  const own = new Map<string, string[]>();
  const gone = new Map<string, string[]>();
  const cursors = new Map<string, string>();
  const keys: string[] = [];

  const idFor = ({ target, path }: Step): { id: string; names: 'theirs' | 'not theirs' } => {
    if (target.kind === 'text') return { id: target.text, names: 'not theirs' };
    const noun = nounOf(path);
    if (target.kind === 'foreign') return { id: foreign[noun] ?? randomUUID(), names: 'not theirs' };
    const ids = (target.kind === 'own' ? own : gone).get(noun) ?? [];
    const id = ids[target.index % ids.length];
    return id && target.kind === 'own' ? { id, names: 'theirs' } : { id: id ?? randomUUID(), names: 'not theirs' };
  };

  const credentialFor = ({ by }: Step): Credential => {
    if (by === 'nobody') return { token: null, isLive: false };
    if (by === 'forger') return { token: 'eyJhbGciOiJub25lIn0.e30.', isLive: false };
    if (by === 'stranger') return { token: stranger.token, isLive: true };
    const key = by === 'key' && keys.at(-1);
    return key ? { token: key, isLive: owner.ended !== 'account' } : { token: owner.token, isLive: owner.ended === null };
  };

  const learn = async ({ path, method, by }: Step, url: string, answer: Answer) => {
    if (by === 'stranger' || answer.status >= 300) return;
    const body = (answer.text ? JSON.parse(answer.text) : {}) as Record<string, unknown>;
    const noun = nounOf(path);
    if (method === 'POST' && answer.status === 201 && typeof body['id'] === 'string')
      remember(own, path.split('/').at(-1) ?? '', body['id']);
    if (path === '/v1/channels' && method === 'POST' && !answer.headers['idempotent-replayed'])
      remember(own, 'notifications', await addNotification(api, String(body['id'])));
    if (path === '/v1/channels/{id}/test') remember(own, 'notifications', String(body['id']));
    if (method === 'DELETE' && path.endsWith('{id}')) forget(own, gone, noun, url);
    if (path === '/v1/monitors' && method === 'POST' && !answer.headers['idempotent-replayed']) {
      remember(own, 'alerts', await addAlert(api, { id: String(body['id']), name: '' }, owner.userId));
    }
    if (typeof body['nextCursor'] === 'string') cursors.set(path, body['nextCursor']);
    if (typeof body['key'] === 'string') keys.push(body['key']);
  };

  const journey: Journey = {
    async take(step) {
      if (owner.ended && (sentWhileDead += 1) > 3) {
        owner = await openAccount(api);
        for (const known of [own, gone, cursors]) known.clear();
        keys.length = sentWhileDead = 0;
        for (const first of FIRST_STEPS) await journey.take(first);
      }
      const { token, isLive } = credentialFor(step);
      const isOwners = step.by === 'owner' || step.by === 'key';
      const named = step.path.includes('{') ? idFor(step) : null;
      const names = named && (isOwners ? named.names : 'not theirs');
      const told =
        step.fits && isOwners
          ? withTruth(step, owner, { cursors, channelIds: own.get('channels') ?? [], monitorIds: own.get('monitors') ?? [] })
          : step;
      const inner = isOwners ? own.get('messages')?.at(-1) : foreign['messages'];
      const path = told.path.replace('{messageId}', inner ?? randomUUID());
      const url = path.replace(/\{\w+\}/, encodeURIComponent((named?.id ?? '').toWellFormed())) + queryOf(told);
      const sent: Sent = { step: told, url, isLive, names };
      const address = step.by === 'stranger' ? stranger.address : owner.address;
      const answer = await send(api, sent, token, address);
      const faults = judge(description, sent, answer);
      if (isOwners) owner = owner.after(told, answer.status);
      await learn(told, url, answer);
      return { sent, answer, faults };
    },
  };
  for (const first of FIRST_STEPS) await journey.take(first);
  return journey;
}

/** `monitors` in `/v1/monitors/{id}/check`. */
const nounOf = (path: string) => path.split('/')[2] ?? '';

function remember(ids: Map<string, string[]>, noun: string, id: string): void {
  const known = ids.get(noun) ?? [];
  if (!known.includes(id)) ids.set(noun, [...known, id]);
}

function forget(own: Map<string, string[]>, gone: Map<string, string[]>, noun: string, url: string): void {
  const id = url.split('/').at(-1) ?? '';
  own.set(
    noun,
    (own.get(noun) ?? []).filter((known) => known !== id),
  );
  remember(gone, noun, id);
}

interface Truth {
  /** By path, the last one that was given. */
  readonly cursors: ReadonlyMap<string, string>;
  readonly channelIds: readonly string[];
  readonly monitorIds: readonly string[];
}

/** Each kind has its own of these. */
const CHANNEL_SETTINGS: Readonly<Record<ChannelKind, object>> = {
  webhook: { url: 'https://hook.invalid/', template: { all: '{{data}}', title: '{{data.title}}: {{nothing}}' } },
  email: { to: ['a@hook.invalid'] },
  slack: { webhookUrl: 'https://hook.invalid/' },
  discord: { webhookUrl: 'https://hook.invalid/' },
  msteams: { webhookUrl: 'https://hook.invalid/' },
  telegram: { botToken: '1:a', chatId: '1' },
  pagerduty: { routingKey: 'a' },
  ntfy: { url: 'https://hook.invalid/', topic: 'a' },
};

/** Passwords, cursors and ids cannot be guessed: what fits the description is told those that are right. */
function withTruth(step: Step, { username, password }: Account, { cursors, channelIds, monitorIds }: Truth): Step {
  const query = step.query.flatMap(([name, value]): Step['query'] => {
    const cursor = cursors.get(step.path);
    return name !== 'cursor' ? [[name, value]] : cursor === undefined ? [] : [[name, cursor]];
  });
  if (!step.body || !('json' in step.body)) return { ...step, query };
  const json = step.body.json as Record<string, unknown>;
  const isLogin = step.operation === 'POST /v1/sessions';
  const truth = {
    ...(isLogin && { username, password }),
    ...('currentPassword' in json && { currentPassword: password }),
    ...('channelIds' in json && { channelIds }),
    ...('groups' in json && { groups: monitorIds.length > 0 ? [{ name: 'own', monitorIds }] : [] }),
    ...(json['slug'] === '' && { slug: `page-${randomUUID()}` }),
    ...('kind' in json && 'settings' in json && { settings: CHANNEL_SETTINGS[json['kind'] as ChannelKind] }),
    ...('rrule' in json && { rrule: 'FREQ=DAILY' }),
    ...('timeZone' in json && { timeZone: 'Europe/Vienna' }),
    ...('startsAt' in json && { startsAt: new Date().toISOString() }),
    ...('monitorId' in json && { monitorId: null }),
    ...('timeoutMs' in json && { timeoutMs: 1000 }),
  };
  return { ...step, query, body: { json: { ...json, ...truth } } };
}

function queryOf({ query }: Step): string {
  const text = query.map((pair) => pair.map((part) => encodeURIComponent(part.toWellFormed())).join('=')).join('&');
  return text && `?${text}`;
}

async function send(api: TestApi, { step, url }: Sent, token: string | null, address: string): Promise<Answer> {
  const payload = step.body && ('raw' in step.body ? step.body.raw : JSON.stringify(step.body.json));
  const {
    statusCode,
    headers,
    payload: text,
  } = await api.app.inject({
    method: step.method as 'GET',
    url,
    headers: { ...step.headers, 'x-forwarded-for': address, ...(token !== null && { authorization: `Bearer ${token}` }) },
    ...(payload !== null && payload !== undefined && { payload }),
  });
  return { status: statusCode, headers, text };
}
