import { setTimeout as delay } from 'node:timers/promises';

/** What the API answered over the whole run. */
export interface ApiRecord {
  /** By `METHOD status`. */
  readonly answers: Map<string, number>;
  /** Answers that should not be, whatever is broken behind the API, and writes that could not be read afterwards. */
  readonly faults: string[];
}

export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly etag: string;
  /** How often it was asked; an earlier one may have been done although nobody heard of it. */
  readonly attempts: number;
  /** When it was first asked, and when it was answered: seconds since the epoch. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

export interface ApiClient {
  /** Asks again, at any of the instances, while there is no answer, or one that asks for patience. Rejects when aborted. */
  send(
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Reply>;
}

const PATIENCE_MS = 10_000;
const PAUSE_MS = 300;

export async function signUp(
  urls: readonly string[],
  username: string,
  record: ApiRecord,
  signal: AbortSignal,
): Promise<ApiClient> {
  const stranger = createApiClient(urls, {}, record, signal);
  const credentials = { username, password: `the password of ${username}` };
  await stranger.send('POST', '/v1/users', credentials);
  const { body } = await stranger.send('POST', '/v1/sessions', credentials);
  return createApiClient(
    urls,
    { authorization: `Bearer ${String(body['token'])}` },
    record,
    signal,
  );
}

function createApiClient(
  urls: readonly string[],
  headers: Record<string, string>,
  { answers, faults }: ApiRecord,
  signal: AbortSignal,
): ApiClient {
  let turn = 0;
  return {
    send: async (method, path, body, more = {}) => {
      const sentAt = Date.now() / 1000;
      for (let attempts = 1; ; attempts++) {
        const url = urls[turn++ % urls.length];
        const answer = await ask(`${url}${path}`, method, { ...headers, ...more }, body, signal);
        signal.throwIfAborted();
        if (answer) {
          const { status } = answer;
          answers.set(`${method} ${status}`, (answers.get(`${method} ${status}`) ?? 0) + 1);
          if (status >= 500 && status !== 503)
            faults.push(`${method} ${path} was answered ${status}: ${answer.text}`);
          if (status < 500 && status !== 429) {
            const { etag, text } = answer;
            return {
              status,
              etag,
              body: parse(text),
              attempts,
              sentAt,
              answeredAt: Date.now() / 1000,
            };
          }
        }
        await delay(PAUSE_MS, undefined, { signal });
      }
    },
  };
}

/** Null when there was no whole answer in time. */
async function ask(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: object | undefined,
  signal: AbortSignal,
) {
  const json = body && {
    body: JSON.stringify(body),
    headers: { ...headers, 'content-type': 'application/json' },
  };
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const response = await fetch(url, { method, headers, ...json, signal: patience });
    return {
      status: response.status,
      etag: response.headers.get('etag') ?? '',
      text: await response.text(),
    };
  } catch {
    return null;
  }
}

function parse(text: string): Record<string, unknown> {
  return text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
}
