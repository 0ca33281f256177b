import { randomUUID } from 'node:crypto';
import type { TestApi } from '@gomon/api/testing';
import { openAccount, type Account } from './account.ts';
import { createResources, nounOf, type Resources } from './resources.ts';
import type { Description } from './description.ts';
import type { Answer, Sent } from './exchange.ts';
import { judge } from './oracle.ts';
import { FIRST_STEPS, type Step } from './steps.ts';
import { withFixtures } from './fixtures.ts';

export interface Scenario {
  /** Sends one step and takes over what it made. Returns what is wrong with the answer. */
  take(step: Step): Promise<{ sent: Sent; answer: Answer; faults: string[] }>;
}

/** Accounts and objects that are there before a scenario and do not change. */
export interface Surroundings {
  readonly api: TestApi;
  readonly description: Description;
  readonly stranger: Account;
  /** Ids of a neighbour, by the noun of their paths. */
  readonly foreign: Readonly<Record<string, string>>;
}

/** A user who begins with one of everything. Everything that a step makes, later steps can use. */
export async function beginScenario({
  api,
  description,
  stranger,
  foreign,
}: Surroundings): Promise<Scenario> {
  let owner = await openAccount(api);
  let resources = createResources(api);
  let sentWhileDead = 0;

  const begin = async () => {
    for (const first of FIRST_STEPS) await take(first);
  };
  const take: Scenario['take'] = async (step) => {
    if (owner.ended && (sentWhileDead += 1) > MAX_SENT_WHILE_DEAD) {
      owner = await openAccount(api);
      resources = createResources(api);
      sentWhileDead = 0;
      await begin();
    }
    const { token, isLive } = credentialFor(step, { owner, stranger, keys: resources.keys });
    const deliveries = step.fits && isOwners(step) ? withFixtures(step, owner, resources) : step;
    const sent = { step: deliveries, isLive, ...address(deliveries, resources, foreign) };
    const answer = await send(
      api,
      sent,
      token,
      step.by === 'stranger' ? stranger.address : owner.address,
    );
    const faults = judge(description, sent, answer);
    if (isOwners(step)) owner = owner.after(deliveries, answer.status);
    await resources.learn(deliveries, sent.url, answer, owner);
    return { sent, answer, faults };
  };
  await begin();
  return { take };
}

const MAX_SENT_WHILE_DEAD = 3;

const isOwners = ({ by }: Step) => by === 'owner' || by === 'key';

interface Callers {
  readonly owner: Account;
  readonly stranger: Account;
  /** The owner's API keys. */
  readonly keys: readonly string[];
}

function credentialFor(
  { by }: Step,
  { owner, stranger, keys }: Callers,
): { token: string | null; isLive: boolean } {
  if (by === 'nobody') return { token: null, isLive: false };
  if (by === 'forger') return { token: 'eyJhbGciOiJub25lIn0.e30.', isLive: false };
  if (by === 'stranger') return { token: stranger.token, isLive: true };
  const key = by === 'key' && keys.at(-1);
  return key
    ? { token: key, isLive: owner.ended !== 'account' }
    : { token: owner.token, isLive: owner.ended === null };
}

/** Where the step goes, with the ids that its path has places for. */
function address(
  step: Step,
  resources: Resources,
  foreign: Surroundings['foreign'],
): Pick<Sent, 'url' | 'names'> {
  const named = step.path.includes('{') ? idFor(step, resources, foreign) : null;
  const inner = isOwners(step) ? resources.own.get('messages')?.at(-1) : foreign['messages'];
  const path = step.path.replace('{messageId}', inner ?? randomUUID());
  const url =
    path.replace(/\{\w+\}/, encodeURIComponent((named?.id ?? '').toWellFormed())) + queryOf(step);
  return { url, names: named && (isOwners(step) ? named.names : 'not theirs') };
}

type Named = { readonly id: string; readonly names: 'theirs' | 'not theirs' };

function idFor(
  { target, path }: Step,
  { own, gone }: Resources,
  foreign: Surroundings['foreign'],
): Named {
  if (target.kind === 'text') return { id: target.text, names: 'not theirs' };
  const noun = nounOf(path);
  if (target.kind === 'foreign') return { id: foreign[noun] ?? randomUUID(), names: 'not theirs' };
  const ids = (target.kind === 'own' ? own : gone).get(noun) ?? [];
  const id = ids[target.index % ids.length];
  return id && target.kind === 'own'
    ? { id, names: 'theirs' }
    : { id: id ?? randomUUID(), names: 'not theirs' };
}

function queryOf({ query }: Step): string {
  const text = query
    .map((pair) => pair.map((part) => encodeURIComponent(part.toWellFormed())).join('='))
    .join('&');
  return text && `?${text}`;
}

async function send(
  api: TestApi,
  { step, url }: Sent,
  token: string | null,
  address: string,
): Promise<Answer> {
  const payload =
    step.body && ('raw' in step.body ? step.body.raw : JSON.stringify(step.body.json));
  const {
    statusCode,
    headers,
    payload: text,
  } = await api.app.inject({
    method: step.method as 'GET',
    url,
    headers: {
      ...step.headers,
      'x-forwarded-for': address,
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    ...(payload !== null && payload !== undefined && { payload }),
  });
  return { status: statusCode, headers, text };
}
