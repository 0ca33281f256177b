import type { Receipt } from '../receipt.ts';
import type { Message, SendMessage } from './channel.ts';
import { cutUnits } from '../fit-message.ts';

const LONGEST_SUMMARY = 1024;

/** Events API v2. All that concerns one alert has one `dedup_key`, so that its end closes the incident that its opening made. */
export const sendToPagerduty: SendMessage<'pagerduty'> = async (
  message,
  { routingKey },
  { post, pagerdutyUrl },
) => {
  const enqueue = (event: object): Promise<Receipt> =>
    post(`${pagerdutyUrl}/v2/enqueue`, {
      body: JSON.stringify({ routing_key: routingKey, ...event }),
    });
  const { transition, content, id } = message;
  const dedupKey = transition === 'test' ? id : content.alert.id;
  const resolve = () => enqueue({ event_action: 'resolve', dedup_key: dedupKey });
  if (transition === 'resolved') return resolve();
  const receipt = await enqueue({
    event_action: 'trigger',
    dedup_key: dedupKey,
    payload: payloadOf(message),
    ...linksOf(message),
  });
  return transition === 'test' && receipt.error === null ? resolve() : receipt;
};

function payloadOf({ title, facts, transition, content }: Message) {
  return {
    summary: cutUnits(title, LONGEST_SUMMARY),
    source: content.monitor.url,
    severity: transition === 'test' ? 'info' : 'critical',
    timestamp: content.alert.openedAt,
    custom_details: Object.fromEntries(facts.map(({ name, value }) => [name, value])),
  };
}

function linksOf({ link }: Message) {
  return link ? { links: [{ href: link, text: 'Details' }] } : {};
}
