import { addAlert, addNotification, type TestApi } from '@gomon/api/testing';
import type { Account } from './account.ts';
import type { Answer } from './exchange.ts';
import type { Step } from './steps.ts';

/** What an owner has, as far as the answers to its steps say. */
export interface Resources {
  /** Ids by the noun of their paths, of what is there and of what was removed. */
  readonly own: ReadonlyMap<string, readonly string[]>;
  readonly gone: ReadonlyMap<string, readonly string[]>;
  /** By path, the last one that was given. */
  readonly cursors: ReadonlyMap<string, string>;
  readonly keys: readonly string[];
  /** That addresses were mailed, so that they are confirmed. */
  readonly codes: readonly string[];
  /** Takes over what a step has made or removed. */
  learn(step: Step, url: string, answer: Answer, owner: Account): Promise<void>;
}

export function createResources(api: TestApi): Resources {
  const own = new Map<string, readonly string[]>();
  const gone = new Map<string, readonly string[]>();
  const cursors = new Map<string, string>();
  const keys: string[] = [];
  const codes: string[] = [];
  return {
    own,
    gone,
    cursors,
    keys,
    codes,
    async learn({ path, method, by }, url, answer, owner) {
      if (by === 'stranger' || answer.status >= 300) return;
      const body = (answer.text ? JSON.parse(answer.text) : {}) as Record<string, unknown>;
      const id = String(body['id']);
      if (method === 'POST' && answer.status === 201 && 'id' in body)
        remember(own, path.split('/').at(-1) ?? '', id);
      if (path === '/v1/channels/{id}/test') remember(own, 'notifications', id);
      if (method === 'DELETE' && path.endsWith('{id}')) forget(own, gone, nounOf(path), url);
      if (method === 'POST' && !answer.headers['idempotent-replayed']) {
        if (path === '/v1/channels') remember(own, 'notifications', await addNotification(api, id));
        if (body['kind'] === 'email') codes.push(...(await mailedCodes(api, id)));
        if (path === '/v1/monitors')
          remember(own, 'alerts', await addAlert(api, { id, name: '' }, owner.userId));
      }
      if (typeof body['nextCursor'] === 'string') cursors.set(path, body['nextCursor']);
      if (typeof body['key'] === 'string') keys.push(body['key']);
    },
  };
}

async function mailedCodes({ sql }: TestApi, channelId: string): Promise<string[]> {
  const { rows } = await sql.query<{ code: string }>(
    `SELECT content->'confirmation'->>'code' AS code FROM notifications WHERE channel_id = $1 AND transition = 'confirmation'`,
    [channelId],
  );
  return rows.map(({ code }) => code);
}

/** `monitors` in `/v1/monitors/{id}/check`. */
export const nounOf = (path: string) => path.split('/')[2] ?? '';

type Ids = Map<string, readonly string[]>;

function remember(ids: Ids, noun: string, id: string): void {
  const known = ids.get(noun) ?? [];
  if (!known.includes(id)) ids.set(noun, [...known, id]);
}

function forget(own: Ids, gone: Ids, noun: string, url: string): void {
  const id = url.split('/').at(-1) ?? '';
  const left = (own.get(noun) ?? []).filter((known) => known !== id);
  own.set(noun, left);
  remember(gone, noun, id);
}
