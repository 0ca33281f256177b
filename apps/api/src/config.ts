import { isIP } from 'node:net';
import { isNetworkList } from '@gomon/egress';
import { operationVariables, previousSecret, secret } from '@gomon/runtime';
import ipaddr from 'ipaddr.js';
import Type, { type Static } from 'typebox';

export const ApiConfigSchema = Type.Object({
  DATABASE_URL: Type.String({ minLength: 1, description: 'PostgreSQL.' }),
  DATABASE_POOL_SIZE: Type.Integer({ minimum: 1, maximum: 1000, default: 10, description: 'Connections to PostgreSQL.' }),
  JWT_SECRET: secret('Signs tokens.'),
  JWT_SECRET_PREVIOUS: previousSecret('The JWT_SECRET before this one, whose tokens are good as well.'),
  SECRETS_KEY: secret("Encrypts the values of monitors' headers."),
  SECRETS_KEY_PREVIOUS: previousSecret('The SECRETS_KEY before this one, which opens what it encrypted.'),
  API_HOST: Type.String({ minLength: 1, default: '0.0.0.0', description: 'Address that the API listens on.' }),
  API_PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 8010, description: 'Port of the API.' }),
  ...operationVariables(8011),
  MAX_MONITORS_PER_USER: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 20,
    description: 'How many monitors a user may have.',
  }),
  MIN_INTERVAL_SECONDS: Type.Integer({
    minimum: 1,
    maximum: 60,
    default: 10,
    description: 'The shortest interval that a monitor may have.',
  }),
  RATE_LIMIT_PER_MINUTE: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 600,
    description: 'Requests a minute of a user to each API.',
  }),
  ADDRESS_RATE_LIMIT_PER_MINUTE: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 300,
    description: 'Requests a minute, of nobody who is logged in, of an address (IPv6: a /64) to each API.',
  }),
  TRUST_PROXY: Type.Refine(
    Type.String({
      default: '',
      description:
        'Whose X-Forwarded-For is believed: how many proxies stand before the API, or their addresses or CIDRs, by comma.',
    }),
    (text) => /^[1-9]?$/.test(text) || splitList(text).every((entry) => isIP(entry) !== 0 || ipaddr.isValidCIDR(entry)),
    () => 'must be a number up to 9, or addresses or networks such as 10.0.0.0/8, by comma',
  ),
  CORS_ORIGINS: Type.Refine(
    Type.String({ default: '', description: 'Origins, by comma, whose pages may use the API from a browser.' }),
    (list) => splitList(list).every((text) => URL.parse(text)?.origin === text),
    () => 'must be origins such as https://status.example.com, by comma',
  ),
  DASHBOARD_DIR: Type.String({
    minLength: 1,
    default: 'apps/dashboard/dist',
    description: 'Where the built dashboard lies. Where there is none, only the API is served.',
  }),
  PROBER_ALLOWED_NETWORKS: Type.Refine(
    Type.String({ default: '', description: 'CIDRs, by comma, that a target may be in although they are not public.' }),
    isNetworkList,
    () => 'must be networks such as 10.0.0.0/8 or fd00::/8, by comma',
  ),
  NOTIFICATION_ALLOWED_NETWORKS: Type.Refine(
    Type.String({ default: '', description: 'CIDRs, by comma, that a notification may go to although they are not public.' }),
    isNetworkList,
    () => 'must be networks such as 10.0.0.0/8 or fd00::/8, by comma',
  ),
});

export type ApiConfig = Static<typeof ApiConfigSchema>;

/** As Fastify takes it: whether the one that is this many hops away is a proxy of ours, or which ones are. */
export function parseTrustProxy(text: string): ((address: string, hop: number) => boolean) | string[] {
  const hops = Number(text);
  return Number.isInteger(hops) ? (_address, hop) => hop < hops : splitList(text);
}

/** The entries of a list by comma. */
export function splitList(list: string): string[] {
  return list
    .split(',')
    .map((text) => text.trim())
    .filter(Boolean);
}
