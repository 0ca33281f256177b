import { isHttpPort } from '@gomon/egress';
import { isAllowedAddress, type Network } from '@gomon/egress';
import ipaddr from 'ipaddr.js';

/** Names that mean something in a private network only: RFC 6761, 6762, 8375, and the one that ICANN reserved. */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|home\.arpa)$/;

/**
 * What is wrong with a target in plain sight, as the end of "url …"; null when nothing is. The prober judges by what it dials,
 * whatever was let pass here; where the operator allows networks of their own, only it can judge a name.
 */
export function targetFault(text: string, allowedNetworks: readonly Network[]): string | null {
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (!ipaddr.isValid(host)) return allowedNetworks.length > 0 ? null : (nameFault(host) ?? portFault(url));
  if (isAllowedAddress(host, allowedNetworks, Number(url.port || 80))) return null;
  return isAllowedAddress(host, []) ? portFault(url) : 'must not lead to an address that is not public';
}

function nameFault(host: string): string | null {
  return host.includes('.') && !PRIVATE_NAME.test(host) ? null : 'must not lead to a name that is not of the public DNS';
}

function portFault({ port }: URL): string | null {
  return port === '' || isHttpPort(Number(port)) ? null : `must not lead to port ${port}, where HTTP is not spoken`;
}
