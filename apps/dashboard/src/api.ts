import { createClient, type Schema } from '@gomon/client';
import { watchedFetch } from './reachability.ts';
import { forgetSession, readSession } from './session.ts';

export const api = createClient({
  baseUrl: location.origin,
  token: () => readSession()?.token ?? null,
  fetch: (request) => watchedFetch(request),
});

/** What the api refused, in words for the reader. */
export class Refusal extends Error {
  readonly code: string;
  readonly status: number;
  /** By the name of the field, what is wrong with it. */
  readonly faults: Readonly<Record<string, string>>;

  constructor(status: number, problem: Partial<Schema<'Problem'>>) {
    super(problem.detail ?? `The server answered ${status}.`);
    this.code = problem.code ?? 'unknown';
    this.status = status;
    const faults = problem.errors ?? [];
    this.faults = Object.fromEntries(
      faults.map(({ pointer, message }) => [fieldOf(pointer), message]),
    );
  }
}

/** The settings of a channel are fields like any other. */
const fieldOf = (pointer: string) => pointer.replace(/^\/settings(?=\/)/, '').split('/')[1] ?? '';

interface Answer<Content> {
  readonly data?: Content;
  readonly error?: unknown;
  readonly response: Response;
}

/** The content of an answer; throws a Refusal when it is a problem. A session that has ended leads to the login page. */
export async function ask<Content>(request: Promise<Answer<Content>>): Promise<Content> {
  const { data: content, error, response } = await request;
  if (response.ok) return content as Content;
  const problem = (error ?? {}) as Partial<Schema<'Problem'>>;
  if (problem.code === 'unauthorized') {
    forgetSession();
    location.assign(`/login?ended=true&from=${encodeURIComponent(location.pathname)}`);
  }
  throw new Refusal(response.status, problem);
}
