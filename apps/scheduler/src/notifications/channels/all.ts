import type { ChannelKind } from '@gomon/channels';
import type { Receipt } from '../receipt.ts';
import type { SendMessage } from './channel.ts';
import { sendToDiscord } from './discord.ts';
import { sendByEmail } from './email.ts';
import { sendToTeams } from './msteams.ts';
import { sendToNtfy } from './ntfy.ts';
import { sendToPagerduty } from './pagerduty.ts';
import { sendToSlack } from './slack.ts';
import { sendToTelegram } from './telegram.ts';
import { sendToWebhook } from './webhook.ts';

const CHANNELS: { readonly [Kind in ChannelKind]: SendMessage<Kind> } = {
  webhook: sendToWebhook,
  email: sendByEmail,
  slack: sendToSlack,
  discord: sendToDiscord,
  msteams: sendToTeams,
  telegram: sendToTelegram,
  pagerduty: sendToPagerduty,
  ntfy: sendToNtfy,
};

export function sendBy<Kind extends ChannelKind>(
  kind: Kind,
  ...sent: Parameters<SendMessage<Kind>>
): Promise<Receipt> {
  return CHANNELS[kind](...sent);
}
