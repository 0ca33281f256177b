import type { Message, SendMessage } from './channel.ts';
import { fitMessage } from '../fit-message.ts';
import { toText } from '../message.ts';

/** Of the text of a section, as it is sent. */
const LONGEST_SECTION = 3000;

/** An incoming webhook. The three characters are Slack's own for links and mentions. */
export const sendToSlack: SendMessage<'slack'> = (message, { webhookUrl }, { post }) => {
  const fitting = fitMessage(message, (shorter) => sectionOf(shorter).length <= LONGEST_SECTION);
  const section = { type: 'section', text: { type: 'mrkdwn', text: sectionOf(fitting) } };
  return post(webhookUrl, {
    body: JSON.stringify({ text: escape(message.title), blocks: [section] }),
  });
};

const sectionOf = (message: Message) =>
  escape(toText(message)).replace(/^.*$/m, (title) => `*${title}*`);

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
