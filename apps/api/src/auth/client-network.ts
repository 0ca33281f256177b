import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Identifies a client by its address: an IPv4 address, or the /64 of an IPv6 address, which one
 * client may own. Text that is not an address, as proxies may pass on, stands for itself.
 */
export function networkOf(address: string): string {
  if (isIPv4(address)) return address;
  if (!ipaddr.isValid(address)) return address.slice(0, 64);
  const ip = ipaddr.process(address);
  if (ip instanceof ipaddr.IPv4) return ip.toString();
  return `${ip.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
