import createFetch, { type Client as FetchClient } from 'openapi-fetch';
import type { components, paths } from './openapi.ts';

export type Client = FetchClient<paths>;

/** What the API calls by this name: `Schema<'Monitor'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

export interface ClientOptions {
  /** Where the API is, without `/v1`: `https://gomon.example.com`. In a page that it serves: ''. */
  readonly baseUrl: string;
  /** Asked before each request: a session's token or an API key, null for none. */
  readonly token?: () => string | null;
  /** In place of the global one. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export function createClient({ baseUrl, token = () => null, fetch }: ClientOptions): Client {
  const client = createFetch<paths>({ baseUrl, ...(fetch && { fetch }) });
  client.use({
    onRequest: ({ request }) => {
      const credential = token();
      if (credential) request.headers.set('authorization', `Bearer ${credential}`);
      return request;
    },
  });
  return client;
}
