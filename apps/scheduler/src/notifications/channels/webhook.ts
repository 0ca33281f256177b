import { createHmac } from 'node:crypto';
import type { JsonTemplate, SettingsOf } from '@gomon/channels';
import type { Message, SendMessage } from './channel.ts';
import { toText } from '../message.ts';

/** A template of 4000 characters can ask for the whole message hundreds of times. */
const MAX_BODY_LENGTH = 65_536;

/** By Standard Webhooks 1.0.0: id, timestamp and body are signed, by the secret before this one as well while that is good. */
export const sendToWebhook: SendMessage<'webhook'> = async (message, settings, { post }) => {
  const payload = payloadOf(message);
  const body = JSON.stringify(settings.template ? fill(settings.template, payload) : payload);
  if (body.length > MAX_BODY_LENGTH)
    return {
      statusCode: null,
      error: `its template makes more than ${MAX_BODY_LENGTH} characters`,
      isFinal: true,
    };
  const timestamp = Math.floor(message.startedAt.getTime() / 1000);
  const secrets = secretsOf(settings);
  const signatures = secrets.map((secret) => sign(secret, `${message.id}.${timestamp}.${body}`));
  const headers = { 'webhook-id': message.id, 'webhook-timestamp': String(timestamp) };
  const signed: Record<string, string> =
    signatures.length > 0 ? { 'webhook-signature': signatures.join(' ') } : {};
  return post(settings.url, { body, headers: { ...headers, ...signed } });
};

function payloadOf(message: Message) {
  const { id, transition, createdAt, content, title, link } = message;
  const type = transition === 'test' ? 'test' : `alert.${transition}`;
  return {
    type,
    timestamp: createdAt.toISOString(),
    data: { id, title, text: toText(message), link, ...content },
  };
}

function secretsOf({
  secret,
  previousSecret,
  previousSecretUntil,
}: SettingsOf<'webhook'>): string[] {
  const isPreviousGood =
    previousSecretUntil !== undefined && Date.parse(previousSecretUntil) > Date.now();
  return [
    ...(secret ? [secret] : []),
    ...(previousSecret && isPreviousGood ? [previousSecret] : []),
  ];
}

function sign(secret: string, text: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
}

/** A text that is nothing but one placeholder becomes the value itself, be it a number or an object. */
function fill(template: JsonTemplate, payload: object): unknown {
  const fillValue = (value: unknown): unknown => {
    if (typeof value === 'string') return fillText(value, payload);
    if (Array.isArray(value)) return value.map(fillValue);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, fillValue(inner)]),
    );
  };
  return fillValue(template);
}

const PLACEHOLDER = /\{\{\s*([\w.]+)\s*\}\}/g;

function fillText(text: string, payload: object): unknown {
  const [, whole] = /^\{\{\s*([\w.]+)\s*\}\}$/.exec(text) ?? [];
  if (whole) return valueAt(payload, whole) ?? null;
  return text.replace(PLACEHOLDER, (_, path: string) => {
    const value = valueAt(payload, path) ?? '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function valueAt(payload: object, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    return value !== null && typeof value === 'object' && Object.hasOwn(value, name)
      ? (value as Record<string, unknown>)[name]
      : undefined;
  }, payload);
}
