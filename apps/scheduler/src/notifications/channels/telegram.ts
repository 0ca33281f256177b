import type { SendMessage } from './channel.ts';
import { fitMessage } from '../fit-message.ts';
import { toText } from '../message.ts';

const LONGEST_TEXT = 4096;

/** A bot's `sendMessage`, as plain text: nothing in it is taken for markup. */
export const sendToTelegram: SendMessage<'telegram'> = (
  message,
  { botToken, chatId },
  { post, telegramUrl },
) => {
  const text = toText(fitMessage(message, (shorter) => toText(shorter).length <= LONGEST_TEXT));
  const body = JSON.stringify({
    chat_id: chatId,
    text,
    link_preview_options: { is_disabled: true },
  });
  return post(`${telegramUrl}/bot${botToken}/sendMessage`, { body });
};
