import type { SendMessage } from './channel.ts';
import { toText } from './message.ts';

/** Published as JSON, which goes to the server itself and names the topic. */
export const sendToNtfy: SendMessage = (message, { url = '', topic = '', token }, { post }) => {
  const { title, transition, link } = message;
  const urgent = transition === 'opened' || transition === 'reminder';
  const body = JSON.stringify({
    topic,
    title,
    message: toText(message).split('\n').slice(2).join('\n'),
    priority: urgent ? 5 : 3,
    tags: [{ opened: 'rotating_light', reminder: 'rotating_light', resolved: 'white_check_mark', test: 'bell' }[transition]],
    ...(link && { click: link }),
  });
  return post(url, { body, ...(token && { headers: { authorization: `Bearer ${token}` } }) });
};
