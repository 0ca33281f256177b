import type { SendMessage } from './channel.ts';
import { toText } from './message.ts';

/** An incoming webhook. The three characters are Slack's own for links and mentions. */
export const sendToSlack: SendMessage = (message, { webhookUrl = '' }, { post }) => {
  const text = escape(toText(message));
  const section = {
    type: 'section',
    text: { type: 'mrkdwn', text: text.replace(/^.*$/m, (title) => `*${title}*`).slice(0, 3000) },
  };
  return post(webhookUrl, { body: JSON.stringify({ text: escape(message.title), blocks: [section] }) });
};

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
