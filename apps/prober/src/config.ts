import { isNetworkList } from '@gomon/egress';
import { operationVariables, previousSecret, secret } from '@gomon/runtime';
import Type from 'typebox';
import type { Canary } from './self-check/canaries.ts';

/** A name or an address, that of IPv6 in brackets, and a port. */
const CANARY = '(\\[[0-9a-fA-F:.]+\\]|[\\w.-]+):\\d{1,5}';

export const ProberConfigSchema = Type.Object({
  QUEUE_REDIS_URL: Type.String({ pattern: '^rediss?://', description: 'The Redis that holds the queues.' }),
  SECRETS_KEY: secret("Opens monitors' encrypted headers; the same as the api's."),
  SECRETS_KEY_PREVIOUS: previousSecret('The SECRETS_KEY before this one, which opens what it encrypted.'),
  PROBER_CONCURRENCY: Type.Integer({
    minimum: 1,
    maximum: 20_000,
    default: 500,
    description: 'Probes in flight at once; further ones wait before their clock starts.',
  }),
  PROBER_HOST_CONCURRENCY: Type.Integer({
    minimum: 1,
    maximum: 20_000,
    default: 50,
    description:
      'Probes in flight to one host at once; further ones wait before their clock starts, and keep no other host waiting.',
  }),
  PROBER_ALLOWED_NETWORKS: Type.Refine(
    Type.String({ default: '', description: 'CIDRs, by comma, that a probe may reach although they are not public.' }),
    isNetworkList,
    () => 'must be networks such as 10.0.0.0/8 or fd00::/8, by comma',
  ),
  PROBER_SELF_CHECK: Type.Boolean({
    default: true,
    description: 'Whether failures count as unknown while this prober finds its own network away.',
  }),
  PROBER_CANARIES: Type.String({
    pattern: `^(${CANARY}( *, *${CANARY})*)?$`,
    default: '',
    description:
      'host:port, by comma: places that can always be reached, and tell an outage of all targets from one of the prober.',
  }),
  ...operationVariables(8013),
});

/** The canaries of a list that `ProberConfigSchema` accepted. */
export function parseCanaries(list: string): Canary[] {
  return splitList(list).map((text) => {
    const colon = text.lastIndexOf(':');
    return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
  });
}

function splitList(list: string): string[] {
  return list
    .split(',')
    .map((text) => text.trim())
    .filter(Boolean);
}
