import type { Receivers } from '../receivers/receivers.ts';
import { RECEIVER_KINDS, secretOf } from '../receivers/script.ts';
import type { ApiClient } from './api-client.ts';

/**
 * Gives an owner a channel to a receiver of each kind. All but the faulty one are notified of every monitor; the answer is what may be
 * attached to some. They are there before the first monitor and are never changed, so that who hears of what is never in doubt.
 */
export async function makeChannels(
  owner: ApiClient,
  number: number,
  receivers: Receivers,
): Promise<string[]> {
  const attachable: string[] = [];
  for (const kind of RECEIVER_KINDS) {
    const settings = { url: receivers.urlOf(kind, number), secret: secretOf(`/${kind}/${number}`) };
    const choice = { default: kind !== 'faulty', enabled: kind !== 'disabled' };
    const { status, body } = await owner.send('POST', '/v1/channels', {
      kind: 'webhook',
      name: kind,
      settings,
      ...choice,
    });
    if (status !== 201)
      throw new Error(`the channel ${kind} was answered ${status}: ${JSON.stringify(body)}`);
    if (kind === 'faulty') attachable.push(String(body['id']));
  }
  return attachable;
}
