import type { Message, MessageTransition, SendMessage } from './channel.ts';
import { cutUnits, fitMessage } from '../fit-message.ts';

const COLORS: Readonly<Record<MessageTransition, number>> = {
  opened: 0xd73a49,
  reminder: 0xd73a49,
  resolved: 0x28a745,
  test: 0x6a737d,
};

const LONGEST_TITLE = 256;
const LONGEST_VALUE = 1024;
/** Title, names and values together. */
const LONGEST_EMBED = 6000;

/** A webhook. Nobody is mentioned, whatever a monitor is called. */
export const sendToDiscord: SendMessage<'discord'> = (message, { webhookUrl }, { post }) => {
  const { title, facts, link, transition, createdAt } = fitMessage(
    withLimits(message),
    (shorter) => sizeOf(shorter) <= LONGEST_EMBED,
  );
  const embed = {
    title,
    ...(link && { url: link }),
    color: COLORS[transition],
    timestamp: createdAt.toISOString(),
    fields: facts.map(({ name, value }) => ({ name, value })),
  };
  return post(webhookUrl, {
    body: JSON.stringify({ embeds: [embed], allowed_mentions: { parse: [] } }),
  });
};

function withLimits(message: Message): Message {
  const facts = message.facts.map(({ name, value }) => ({
    name,
    value: cutUnits(value, LONGEST_VALUE),
  }));
  return { ...message, title: cutUnits(message.title, LONGEST_TITLE), facts };
}

const sizeOf = ({ title, facts }: Message) =>
  title.length + facts.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
