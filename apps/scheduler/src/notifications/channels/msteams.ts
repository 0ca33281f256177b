import type { Message, SendMessage } from './channel.ts';
import { fitMessage } from '../fit-message.ts';

/** Of the whole message; more is refused with 413, or lost. */
const MOST_BYTES = 28_000;

/** A workflow that posts to a channel when a webhook request is received: it takes an adaptive card. */
export const sendToTeams: SendMessage<'msteams'> = (message, { webhookUrl }, { post }) => {
  const fitting = fitMessage(
    message,
    (shorter) => Buffer.byteLength(bodyOf(shorter)) <= MOST_BYTES,
  );
  return post(webhookUrl, { body: bodyOf(fitting) });
};

function bodyOf({ title, facts, link, transition }: Message): string {
  const color = { opened: 'attention', reminder: 'attention', resolved: 'good', test: 'default' }[
    transition
  ];
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      { type: 'TextBlock', text: title, weight: 'bolder', size: 'medium', wrap: true, color },
      { type: 'FactSet', facts: facts.map(({ name, value }) => ({ title: name, value })) },
    ],
    ...(link && { actions: [{ type: 'Action.OpenUrl', title: 'Details', url: link }] }),
  };
  const attachment = {
    contentType: 'application/vnd.microsoft.card.adaptive',
    contentUrl: null,
    content,
  };
  return JSON.stringify({ type: 'message', attachments: [attachment] });
}
