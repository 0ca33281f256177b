import type { Message, SendMessage } from './channel.ts';
import { fitMessage } from '../fit-message.ts';
import { toText } from '../message.ts';

/** Bytes of text that a server takes by default; it turns more into an attachment. The whole JSON may be twice as long. */
const MOST_BYTES = 4096;

/** Published as JSON, which goes to the server itself and names the topic. */
export const sendToNtfy: SendMessage<'ntfy'> = (message, { url, topic, token }, { post }) => {
  const fitting = fitMessage(
    message,
    (shorter) =>
      Buffer.byteLength(textOf(shorter)) <= MOST_BYTES &&
      Buffer.byteLength(bodyOf(shorter, topic)) <= 2 * MOST_BYTES,
  );
  return post(url, {
    body: bodyOf(fitting, topic),
    ...(token && { headers: { authorization: `Bearer ${token}` } }),
  });
};

const textOf = (message: Message) => toText(message).split('\n').slice(2).join('\n');

function bodyOf(message: Message, topic: string): string {
  const { title, transition, link } = message;
  const urgent = transition === 'opened' || transition === 'reminder';
  return JSON.stringify({
    topic,
    title,
    message: textOf(message),
    priority: urgent ? 5 : 3,
    tags: [
      {
        opened: 'rotating_light',
        reminder: 'rotating_light',
        resolved: 'white_check_mark',
        test: 'bell',
      }[transition],
    ],
    ...(link && { click: link }),
  });
}
