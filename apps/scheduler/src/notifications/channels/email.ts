import type { Message, SendMessage } from './channel.ts';
import { toText } from '../message.ts';

/** A mail to one address, in plain text and HTML. Its Message-ID is the notification's id, so that mailboxes know a repetition. */
export const sendByEmail: SendMessage<'email'> = (message, { to }, { sendMail }) =>
  sendMail({
    to,
    subject: message.title,
    text: toText(message),
    html: toHtml(message),
    messageId: message.id,
  });

function toHtml({ title, facts, link }: Message): string {
  const rows = facts.map(
    ({ name, value }) =>
      `<tr><th align="left" valign="top" style="padding-right:1em">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  const details = link ? `<p><a href="${escapeHtml(link)}">Details</a></p>` : '';
  return `<!doctype html><html><body><h2>${escapeHtml(title)}</h2><table>${rows.join('')}</table>${details}</body></html>`;
}

export const escapeHtml = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
