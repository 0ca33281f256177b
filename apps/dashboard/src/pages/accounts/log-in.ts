import { api, ask } from '../../api.ts';
import { keepSession } from '../../session.ts';
import type { Credentials } from './credentials-form.tsx';

export async function logIn(credentials: Credentials): Promise<void> {
  const { token, expiresAt } = await ask(api.POST('/v1/sessions', { body: credentials }));
  keepSession({ token, expiresAt, username: credentials.username });
}
