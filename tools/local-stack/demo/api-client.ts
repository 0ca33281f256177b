export interface ApiClient {
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body: object): Promise<Answer>;
  patch<Answer>(path: string, body: object): Promise<Answer>;
  delete(path: string): Promise<void>;
}

/** A client for this user, who is signed up when there is none of that name. */
export async function signIn(
  apiUrl: string,
  username: string,
  password: string,
): Promise<ApiClient> {
  const credentials = { username, password };
  const signUp = await send(apiUrl, 'POST', '/v1/users', {}, credentials);
  if (!signUp.ok && signUp.status !== 409) await refuse(signUp);
  const { token } = await answer<{ token: string }>(
    await send(apiUrl, 'POST', '/v1/sessions', {}, credentials),
  );
  const headers = { authorization: `Bearer ${token}` };
  return {
    get: async (path) => answer(await send(apiUrl, 'GET', path, headers)),
    post: async (path, body) => answer(await send(apiUrl, 'POST', path, headers, body)),
    patch: async (path, body) => answer(await send(apiUrl, 'PATCH', path, headers, body)),
    delete: async (path) => {
      const response = await send(apiUrl, 'DELETE', path, headers);
      if (!response.ok) await refuse(response);
    },
  };
}

function send(
  apiUrl: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Response> {
  const withBody = body && {
    body: JSON.stringify(body),
    headers: { ...headers, 'content-type': 'application/json' },
  };
  return fetch(`${apiUrl}${path}`, { method, headers, ...withBody });
}

async function answer<Answer>(response: Response): Promise<Answer> {
  if (!response.ok) await refuse(response);
  return (await response.json()) as Answer;
}

async function refuse(response: Response): Promise<never> {
  throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
}
