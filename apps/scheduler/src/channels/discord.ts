import type { MessageTransition, SendMessage } from './channel.ts';

const COLORS: Readonly<Record<MessageTransition, number>> = {
  opened: 0xd73a49,
  reminder: 0xd73a49,
  resolved: 0x28a745,
  test: 0x6a737d,
};

/** A webhook. Nobody is mentioned, whatever a monitor is called. */
export const sendToDiscord: SendMessage = ({ title, facts, link, transition, createdAt }, { webhookUrl = '' }, { post }) => {
  const embed = {
    title: title.slice(0, 256),
    ...(link && { url: link }),
    color: COLORS[transition],
    timestamp: createdAt.toISOString(),
    fields: facts.map(({ name, value }) => ({ name, value: value.slice(0, 1024) })),
  };
  return post(webhookUrl, { body: JSON.stringify({ embeds: [embed], allowed_mentions: { parse: [] } }) });
};
