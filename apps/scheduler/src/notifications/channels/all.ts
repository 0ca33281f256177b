import type { ChannelKind } from '@gomon/domain';
import type { SendMessage } from './channel.ts';
import { sendToDiscord } from './discord.ts';
import { sendByEmail } from './email.ts';
import { sendToTeams } from './msteams.ts';
import { sendToNtfy } from './ntfy.ts';
import { sendToPagerduty } from './pagerduty.ts';
import { sendToSlack } from './slack.ts';
import { sendToTelegram } from './telegram.ts';
import { sendToWebhook } from './webhook.ts';

export const CHANNELS: Readonly<Record<ChannelKind, SendMessage>> = {
  webhook: sendToWebhook,
  email: sendByEmail,
  slack: sendToSlack,
  discord: sendToDiscord,
  msteams: sendToTeams,
  telegram: sendToTelegram,
  pagerduty: sendToPagerduty,
  ntfy: sendToNtfy,
};
