import { isHttpPort } from '@gomon/egress';
import { isAllowedAddress, type Network } from '@gomon/egress';
import ipaddr from 'ipaddr.js';

/** Names that only exist in private networks: RFC 6761, 6762, 8375, and the one that ICANN reserved. */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|home\.arpa)$/;

/**
 * What is wrong with a target, as the end of "url …"; null when nothing is visible. The prober has
 * the last word, on the addresses that it dials; with allowed networks only it can judge a name.
 */
export function targetFault(
  text: string,
  allowedNetworks: readonly Network[],
  variable: 'PROBER_ALLOWED_NETWORKS' | 'NOTIFICATION_ALLOWED_NETWORKS' = 'PROBER_ALLOWED_NETWORKS',
): string | null {
  const remedy = `your operator can allow it with ${variable}`;
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (!ipaddr.isValid(host)) return allowedNetworks.length > 0 ? null : (nameFault(host, remedy) ?? portFault(url));
  if (isAllowedAddress(host, allowedNetworks, Number(url.port || 80))) return null;
  return isAllowedAddress(host, []) ? portFault(url) : `leads to ${host}, which is not a public address; ${remedy}`;
}

function nameFault(host: string, remedy: string): string | null {
  const isPublic = host.includes('.') && !PRIVATE_NAME.test(host);
  return isPublic ? null : `leads to ${host}, which is not a name of the public DNS; ${remedy}`;
}

function portFault({ port }: URL): string | null {
  return port === '' || isHttpPort(Number(port)) ? null : `uses port ${port}, which is not a port for HTTP`;
}
