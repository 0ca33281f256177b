import { isIP } from 'node:net';
import { isNetworkList } from '@gomon/egress';
import { operationVariables, previousSecret, secret } from '@gomon/runtime';
import ipaddr from 'ipaddr.js';
import Type, { type Static } from 'typebox';

export const ApiConfigSchema = Type.Object({
  DATABASE_URL: Type.String({ minLength: 1, description: 'PostgreSQL.' }),
  DATABASE_POOL_SIZE: Type.Integer({
    minimum: 1,
    maximum: 1000,
    default: 10,
    description: 'Connections to PostgreSQL.',
  }),
  JWT_SECRET: secret('Signs tokens.'),
  JWT_SECRET_PREVIOUS: previousSecret('The previous JWT_SECRET, whose tokens stay valid.'),
  SECRETS_KEY: secret("Encrypts the values of monitors' headers."),
  SECRETS_KEY_PREVIOUS: previousSecret(
    'The previous SECRETS_KEY, while texts encrypted with it remain.',
  ),
  API_HOST: Type.String({
    minLength: 1,
    default: '0.0.0.0',
    description: 'Address that the API listens on.',
  }),
  API_PORT: Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: 8010,
    description: 'Port of the API.',
  }),
  ...operationVariables(8011),
  MAX_MONITORS_PER_USER: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 20,
    description: 'Maximum number of monitors per user.',
  }),
  MIN_INTERVAL_SECONDS: Type.Integer({
    minimum: 1,
    maximum: 60,
    default: 10,
    description: 'Shortest interval of a monitor.',
  }),
  RATE_LIMIT_PER_MINUTE: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 600,
    description: 'Requests per minute by a user to each api process.',
  }),
  ADDRESS_RATE_LIMIT_PER_MINUTE: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 300,
    description:
      'Requests per minute without login by an address (IPv6: a /64) to each api process.',
  }),
  TRUST_PROXY: Type.Refine(
    Type.String({
      default: '',
      description:
        'Trusted proxies for X-Forwarded-For: their number, or their addresses or CIDRs, comma-separated.',
    }),
    (text) =>
      /^[1-9]?$/.test(text) ||
      splitList(text).every((entry) => isIP(entry) !== 0 || ipaddr.isValidCIDR(entry)),
    () => 'must be a number up to 9, or comma-separated addresses or networks such as 10.0.0.0/8',
  ),
  CORS_ORIGINS: Type.Refine(
    Type.String({
      default: '',
      description: 'Comma-separated origins whose pages may use the API from a browser.',
    }),
    (list) => splitList(list).every((text) => URL.parse(text)?.origin === text),
    () => 'must be comma-separated origins such as https://status.example.com',
  ),
  DASHBOARD_DIR: Type.String({
    minLength: 1,
    default: 'apps/dashboard/dist',
    description: 'Directory of the built dashboard. Without one, only the API is served.',
  }),
  PROBER_ALLOWED_NETWORKS: Type.Refine(
    Type.String({
      default: '',
      description: 'Comma-separated CIDRs of private networks that probes may reach.',
    }),
    isNetworkList,
    () => 'must be comma-separated networks such as 10.0.0.0/8 or fd00::/8',
  ),
  NOTIFICATION_ALLOWED_NETWORKS: Type.Refine(
    Type.String({
      default: '',
      description: 'Comma-separated CIDRs of private networks that notifications may reach.',
    }),
    isNetworkList,
    () => 'must be comma-separated networks such as 10.0.0.0/8 or fd00::/8',
  ),
});

export type ApiConfig = Static<typeof ApiConfigSchema>;

/** For Fastify: whether the hop at this distance is our proxy, or which addresses are. */
export function parseTrustProxy(
  text: string,
): ((address: string, hop: number) => boolean) | string[] {
  const hops = Number(text);
  return Number.isInteger(hops) ? (_address, hop) => hop < hops : splitList(text);
}

/** The entries of a comma-separated list. */
export function splitList(list: string): string[] {
  return list
    .split(',')
    .map((text) => text.trim())
    .filter(Boolean);
}
