import { specOf, type ChannelKind, type SettingsOf } from '@gomon/channels';
import type { Encryption } from '@gomon/encryption';
import type { ClaimedNotification } from '@gomon/persistence';
import type { StallWatch } from '@gomon/runtime';
import { afterOwnTime } from './transports/after-own-time.ts';
import { sendBy } from './channels/all.ts';
import type { Outside } from './channels/channel.ts';
import { mailConfirmation } from './confirmation.ts';
import { composeMessage } from './message.ts';
import type { Receipt } from './receipt.ts';

/** Shorter than a notification's lease. */
const ATTEMPT_DEADLINE_MS = 30_000;

export interface AttemptDeps {
  readonly encryption: Encryption;
  readonly outside: Outside;
  /** The dashboard's public address; empty when unknown. */
  readonly publicUrl: string;
  readonly stalls: Pick<StallWatch, 'ownMs'>;
}

export interface Ended {
  readonly receipt: Receipt;
  readonly durationMs: number;
}

/**
 * Never rejects because of a receiver: the receipt says what happened. Time in which this process
 * stalled does not count as the receiver's. After `leasedUntil`, by the monotonic clock, another
 * sender may take the notification, so nothing is sent here.
 */
export async function makeAttempt(
  notification: ClaimedNotification,
  deps: AttemptDeps,
  leasedUntil: number,
): Promise<Ended> {
  const startedAt = performance.now();
  const late = Promise.withResolvers<Receipt>();
  const time = { stalls: deps.stalls, ms: ATTEMPT_DEADLINE_MS, latestMs: leasedUntil - startedAt };
  const callOff = afterOwnTime(time, () => late.resolve(TOO_LATE));
  const outside = whileLeased(deps.outside, leasedUntil);
  const receipt = await Promise.race([
    attempt(notification, { ...deps, outside }),
    late.promise,
  ]).finally(callOff);
  return { receipt, durationMs: Math.round(performance.now() - startedAt) };
}

function whileLeased(outside: Outside, leasedUntil: number): Outside {
  const isLeased = () => performance.now() < leasedUntil;
  return {
    ...outside,
    post: async (url, options) => (isLeased() ? outside.post(url, options) : STOOD_STILL),
    sendMail: async (mail) => (isLeased() ? outside.sendMail(mail) : STOOD_STILL),
  };
}

async function attempt(
  notification: ClaimedNotification,
  { encryption, outside, publicUrl }: AttemptDeps,
): Promise<Receipt> {
  const { id, channelId, kind, settings, transition, content, confirmed } = notification;
  if ('confirmation' in content) return mailConfirmation({ id, publicUrl, ...content }, outside);
  const { secrets, hasRecipients } = specOf(kind);
  if (transition === 'confirmation' || (hasRecipients && confirmed.length === 0))
    return UNCONFIRMED;
  let opened: object;
  try {
    opened = await decryptSettings(encryption, channelId, settings, secrets);
  } catch {
    return { statusCode: null, error: 'its secrets were encrypted under another SECRETS_KEY' };
  }
  const reached = hasRecipients ? { ...opened, to: confirmed } : opened;
  return sendBy(
    kind,
    composeMessage({ ...notification, transition, content }, publicUrl),
    reached as SettingsOf<ChannelKind>,
    outside,
  );
}

async function decryptSettings(
  encryption: Encryption,
  channelId: string,
  settings: object,
  secrets: readonly string[],
) {
  const opened = Object.entries(settings).map(async ([name, value]): Promise<[string, unknown]> => {
    return [
      name,
      secrets.includes(name) ? await encryption.decrypt(String(value), channelId) : value,
    ];
  });
  return Object.fromEntries(await Promise.all(opened));
}

const UNCONFIRMED: Receipt = {
  statusCode: null,
  error: 'the address is not confirmed, or was removed from the channel',
};

const TOO_LATE: Receipt = { statusCode: null, error: 'it did not answer in time' };

const STOOD_STILL: Receipt = { statusCode: null, error: 'GoMon stalled and sent nothing' };
