import type { SendMessage } from './channel.ts';

/** A workflow that posts to a channel when a webhook request is received: it takes an adaptive card. */
export const sendToTeams: SendMessage = ({ title, facts, link, transition }, { webhookUrl = '' }, { post }) => {
  const color = { opened: 'attention', reminder: 'attention', resolved: 'good', test: 'default' }[transition];
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
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
  return post(webhookUrl, { body: JSON.stringify({ type: 'message', attachments: [attachment] }) });
};
