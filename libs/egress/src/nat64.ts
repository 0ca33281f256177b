import ipaddr from 'ipaddr.js';
import type { Network } from './allowed-networks.ts';

/** Where DNS64 maps IPv4 servers on any network (RFC 6052). */
export const WELL_KNOWN_PREFIX: Network = ipaddr.parseCIDR('64:ff9b::/96');

/** The possible lengths of a prefix, most likely first. */
const LENGTHS = [96, 64, 56, 48, 40, 32] as const;
/** This byte of an address is not part of the embedded address. */
const SKIPPED = 8;
/** The addresses of ipv4only.arpa, and of nothing else (RFC 7050). */
const KNOWN_ADDRESSES = ['192.0.0.170', '192.0.0.171'];
/**
 * A network's prefix lies here. Private prefixes are not believed: a forged answer must not open
 * one.
 */
const BELIEVED = ['2000::/3', '64:ff9b:1::/48', '64:ff9b::/96'].map((text) =>
  ipaddr.parseCIDR(text),
);

/**
 * The IPv4 address that `ip` reaches when `prefix` is a NAT64's; null when `ip` is outside the
 * prefix.
 */
export function embeddedIpv4(
  ip: ipaddr.IPv4 | ipaddr.IPv6,
  [prefix, bits]: Network,
): ipaddr.IPv4 | null {
  if (ip.kind() !== 'ipv6' || !ip.match(prefix, bits)) return null;
  const bytes = ip.toByteArray();
  if (bits <= 64 && bytes[SKIPPED] !== 0) return null;
  const embedded = bytes
    .flatMap((byte, index) => (index >= bits / 8 && index !== SKIPPED ? [byte] : []))
    .slice(0, 4);
  return new ipaddr.IPv4(embedded);
}

/**
 * The prefixes of the network's NAT64, from the IPv6 addresses of ipv4only.arpa: those under which
 * both known addresses appear.
 */
export function prefixesIn(addresses: readonly string[]): Network[] {
  const ips = addresses.flatMap((text) =>
    ipaddr.IPv6.isValid(text) ? [ipaddr.IPv6.parse(text)] : [],
  );
  const candidates = ips
    .flatMap((ip) => LENGTHS.map((bits): Network => [networkAddress(ip, bits), bits]))
    .filter(isBelieved);
  const prefixes = new Map(candidates.map((prefix) => [prefix.join('/'), prefix]));
  return [...prefixes.values()].filter((prefix) => {
    const embedded = ips.map((ip) => embeddedIpv4(ip, prefix)?.toString());
    return KNOWN_ADDRESSES.every((known) => embedded.includes(known));
  });
}

function isBelieved([prefix, bits]: Network): boolean {
  return BELIEVED.some(
    ([network, networkBits]) => bits >= networkBits && prefix.match(network, networkBits),
  );
}

function networkAddress(ip: ipaddr.IPv6, bits: number): ipaddr.IPv6 {
  return new ipaddr.IPv6(ip.toByteArray().map((byte, index) => (index < bits / 8 ? byte : 0)));
}
