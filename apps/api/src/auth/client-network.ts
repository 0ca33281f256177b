import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * What stands for one client among the addresses: an IPv4 address, or the /64 of an IPv6 address, all of which one client
 * may have. Text that is no address, which a proxy could pass on, stands for itself.
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
