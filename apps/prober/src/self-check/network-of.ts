import { WELL_KNOWN_PREFIX, embeddedIpv4 } from '@gomon/egress';
import ipaddr from 'ipaddr.js';

/**
 * What fails together, roughly: the IPv4 /16 or IPv6 /32 of an address, or the domain of a name.
 * Null for this machine, which is reached without a network.
 */
export function networkOf(host: string): string | null {
  if (!ipaddr.isValid(host)) return host.replace(/\.$/, '').split('.').slice(-2).join('.');
  const address = ipaddr.process(host);
  const ip = embeddedIpv4(address, WELL_KNOWN_PREFIX) ?? address; // IPv4 networks stay distinct behind a NAT64.
  if (['loopback', 'unspecified'].includes(ip.range())) return null;
  return ip
    .toByteArray()
    .slice(0, ip.kind() === 'ipv4' ? 2 : 4)
    .join('.');
}
