import { SECRET_SETTINGS, type ChannelSettings, type Seal } from '@gomon/domain';
import type { ClaimedNotification } from '@gomon/persistence';
import { CHANNELS } from './channels/all.ts';
import type { Receipt } from './channels/channel.ts';
import { mailConfirmation } from './channels/confirmation.ts';
import { composeMessage } from './channels/message.ts';
import type { SenderDeps } from './send-notifications.ts';
import { within } from './within.ts';

/** Shorter than the lease of a notification. */
const ATTEMPT_DEADLINE_MS = 30_000;

export type AttemptDeps = Pick<SenderDeps, 'seal' | 'outside' | 'publicUrl'>;

export interface Ended {
  readonly receipt: Receipt;
  readonly durationMs: number;
}

/** Never rejects for what a receiver does: that is in the receipt. */
export async function makeAttempt(notification: ClaimedNotification, deps: AttemptDeps): Promise<Ended> {
  const startedAt = performance.now();
  const receipt = await within(ATTEMPT_DEADLINE_MS, attempt(notification, deps), TOO_LATE);
  return { receipt, durationMs: Math.round(performance.now() - startedAt) };
}

async function attempt(notification: ClaimedNotification, { seal, outside, publicUrl }: AttemptDeps): Promise<Receipt> {
  const { id, channelId, kind, settings, transition, content, confirmed } = notification;
  if ('confirmation' in content) return mailConfirmation({ id, publicUrl, ...content }, outside);
  if (transition === 'confirmation' || (kind === 'email' && confirmed.length === 0)) return UNCONFIRMED;
  let opened: ChannelSettings;
  try {
    opened = await unsealSettings(seal, channelId, settings);
  } catch {
    return { statusCode: null, error: 'its secrets were sealed under another SECRETS_KEY' };
  }
  const reached = kind === 'email' ? { ...opened, to: confirmed } : opened;
  return CHANNELS[kind](composeMessage({ ...notification, transition, content }, publicUrl), reached, outside);
}

async function unsealSettings(seal: Seal, channelId: string, settings: ChannelSettings): Promise<ChannelSettings> {
  const opened = SECRET_SETTINGS.flatMap((name) => {
    const sealed = settings[name];
    return sealed === undefined ? [] : [seal.unseal(sealed, channelId).then((plain) => [name, plain])];
  });
  return { ...settings, ...Object.fromEntries(await Promise.all(opened)) } as ChannelSettings;
}

const UNCONFIRMED: Receipt = { statusCode: null, error: 'none of its addresses is confirmed' };

const TOO_LATE: Receipt = { statusCode: null, error: 'it did not answer in time' };
