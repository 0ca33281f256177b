import { isNetworkList } from '@gomon/egress';
import { operationVariables, previousSecret, secret } from '@gomon/runtime';
import Type from 'typebox';
import type { Canary } from './self-check/canaries.ts';

/** A host name or address (IPv6 in brackets) and a port. */
const CANARY = '(\\[[0-9a-fA-F:.]+\\]|[\\w.-]+):\\d{1,5}';

export const ProberConfigSchema = Type.Object({
  QUEUE_REDIS_URL: Type.String({
    pattern: '^rediss?://',
    description: 'The Redis that holds the queues.',
  }),
  SECRETS_KEY: secret("Decrypts monitors' headers; must be the api's SECRETS_KEY."),
  SECRETS_KEY_PREVIOUS: previousSecret(
    'The previous SECRETS_KEY, while texts encrypted with it remain.',
  ),
  PROBER_CONCURRENCY: Type.Integer({
    minimum: 1,
    maximum: 20_000,
    default: 500,
    description: 'Probes in flight at once. Others wait; their timeout starts only when they do.',
  }),
  PROBER_HOST_CONCURRENCY: Type.Integer({
    minimum: 1,
    maximum: 20_000,
    default: 50,
    description:
      'Probes in flight to one host at once. Others wait, without delaying other hosts; their timeout starts only when they do.',
  }),
  PROBER_ALLOWED_NETWORKS: Type.Refine(
    Type.String({
      default: '',
      description: 'Comma-separated CIDRs of private networks that probes may reach.',
    }),
    isNetworkList,
    () => 'must be comma-separated networks such as 10.0.0.0/8 or fd00::/8',
  ),
  PROBER_SELF_CHECK: Type.Boolean({
    default: true,
    description: 'Report failures as unknown while this prober finds its own network down.',
  }),
  PROBER_CANARIES: Type.String({
    pattern: `^(${CANARY}( *, *${CANARY})*)?$`,
    default: '',
    description:
      'Comma-separated host:port pairs that are always reachable. They distinguish an outage of all targets from one of this prober.',
  }),
  ...operationVariables(8013),
});

/** The canaries in a list that `ProberConfigSchema` accepted. */
export function parseCanaries(list: string): Canary[] {
  return splitList(list).map((text) => {
    const colon = text.lastIndexOf(':');
    return {
      host: text.slice(0, colon).replace(/^\[|\]$/g, ''),
      port: Number(text.slice(colon + 1)),
    };
  });
}

function splitList(list: string): string[] {
  return list
    .split(',')
    .map((text) => text.trim())
    .filter(Boolean);
}
