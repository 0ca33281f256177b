import { operationVariables, secret } from '@gomon/runtime';
import ipaddr from 'ipaddr.js';
import Type from 'typebox';
import type { Network } from './egress-guard.ts';

export const ProberConfigSchema = Type.Object({
  QUEUE_REDIS_URL: Type.String({ pattern: '^rediss?://', description: 'The Redis that holds the queues.' }),
  SECRETS_KEY: secret("Opens monitors' sealed headers; the same as the api's."),
  PROBER_CONCURRENCY: Type.Integer({
    minimum: 1,
    maximum: 20_000,
    default: 500,
    description: 'Probes in flight at once; further ones wait before their clock starts.',
  }),
  PROBER_ALLOWED_NETWORKS: Type.Refine(
    Type.String({ default: '', description: 'CIDRs, by comma, that a probe may reach although they are not public.' }),
    (list) => splitList(list).every((text) => ipaddr.isValidCIDR(text)),
    () => 'must be networks such as 10.0.0.0/8 or fd00::/8, by comma',
  ),
  ...operationVariables(8013),
});

/** The networks of a list that `ProberConfigSchema` accepted. */
export function parseNetworks(list: string): Network[] {
  return splitList(list).map((text) => ipaddr.parseCIDR(text));
}

function splitList(list: string): string[] {
  return list
    .split(',')
    .map((text) => text.trim())
    .filter(Boolean);
}
