import { lookup } from 'node:dns';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import {
  TLSSocket,
  connect as connectTls,
  createSecureContext,
  type DetailedPeerCertificate,
  type SecureContext,
} from 'node:tls';
import { isHttpPort } from './http-ports.ts';
import ipaddr from 'ipaddr.js';
import type { Network } from './allowed-networks.ts';
import { WELL_KNOWN_PREFIX, embeddedIpv4 } from './nat64.ts';
import { keepRefusedCertificate } from './refused-certificate.ts';

/**
 * Opens a fresh connection to the host of an http(s) URL, or of one with another scheme and a port;
 * `secureConnect` with TLS means that a full handshake has verified the target. Only checked
 * addresses are dialled: literal ones are checked before, those of a name between lookup and
 * dialling. One forbidden address refuses the name. Throws, or the socket fails with,
 * `BlockedTargetError`.
 */
export type Dial = (url: URL, options?: DialRules) => Socket;

export interface DialRules {
  /** Any port of a public address may be dialled: nothing that a user wrote is sent there. */
  readonly anyPort?: boolean;
}

interface DialOptions {
  readonly resolve?: typeof lookup;
  /** The trusted authorities; made once, because loading them costs more than a handshake. */
  readonly secureContext?: SecureContext;
  /** Current prefixes of the network's NAT64: their addresses are judged by the IPv4 address inside. */
  readonly nat64?: { readonly prefixes: readonly Network[] } | undefined;
}

/** The target's address is neither public nor in a network that the operator allows, or its port is not for HTTP. */
export class BlockedTargetError extends Error {
  override readonly name = 'BlockedTargetError';
  readonly what: 'address' | 'port';

  constructor(what: 'address' | 'port' = 'address') {
    super(`this ${what} is not allowed`);
    this.what = what;
  }
}

/** One that is never barred. */
const HTTP_PORT = 80;
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');
/** Azure's host service is here, in every virtual machine, although the address counts as public. */
const AZURE_HOST = '168.63.129.16';
/** A lost SYN is sent again after one second; Node's 250 ms would give up on a slow address. */
const ATTEMPT_TIMEOUT_MS = 2000;
/** A name may have thousands of addresses to keep us busy. */
const MAX_ADDRESSES = 20;

export function createDial(allowedNetworks: readonly Network[], options: DialOptions = {}): Dial {
  const { resolve = lookup, secureContext = createSecureContext(), nat64 } = options;
  return (url, { anyPort = false } = {}) => {
    const isSecure = url.protocol === 'https:';
    const port = Number(url.port || (isSecure ? 443 : 80));
    const isAllowed = (address: string) =>
      isAllowedAddress(address, allowedNetworks, anyPort ? HTTP_PORT : port, nat64?.prefixes);
    const literal = literalAddressOf(url);
    // Some clients write a socket file's path after this host; it is not a name.
    const isSocketFile = url.hostname === 'unix';
    const blocked = (address: string) =>
      new BlockedTargetError(
        isAllowedAddress(address, allowedNetworks, HTTP_PORT, nat64?.prefixes) ? 'port' : 'address',
      );
    if (!url.hostname || isSocketFile) throw new BlockedTargetError();
    if (literal && !isAllowed(literal)) throw blocked(literal);
    const destination = {
      host: literal ?? url.hostname,
      port,
      noDelay: true,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT_MS,
      lookup: guardedLookup(resolve, isAllowed, blocked),
    };
    if (!isSecure) return connectTcp(destination);
    const servername = literal ? '' : url.hostname.replace(/\.$/, '');
    const tlsOptions = {
      servername,
      secureContext,
      rejectUnauthorized: true,
      ALPNProtocols: ['http/1.1'],
    };
    const socket = connectTls({ ...destination, ...tlsOptions });
    keepRefusedCertificate(socket);
    return checkingLeafOnly(socket);
  };
}

/**
 * Whether a probe may connect to `port` of `address`: it is in an allowed network, or it is public
 * unicast and the port is for HTTP. A NAT64 address is judged by the IPv4 address inside.
 */
export function isAllowedAddress(
  address: string,
  allowedNetworks: readonly Network[],
  port = HTTP_PORT,
  nat64Prefixes: readonly Network[] = [WELL_KNOWN_PREFIX],
): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address);
  if (isIn(ip, allowedNetworks)) return true;
  const embedded = nat64Prefixes.flatMap((prefix) => embeddedIpv4(ip, prefix) ?? []);
  if (embedded.length === 0) return isPublic(ip) && isHttpPort(port);
  // Loopback there is the translator's own, not one that an operator allowed.
  const isMeant = (ipv4: ipaddr.IPv4) =>
    ipv4.range() === 'private' || ipv4.range() === 'carrierGradeNat' || isPublic(ipv4);
  return embedded.every(
    (ipv4) =>
      (isMeant(ipv4) && isIn(ipv4, allowedNetworks)) || (isPublic(ipv4) && isHttpPort(port)),
  );
}

function isIn(ip: ipaddr.IPv4 | ipaddr.IPv6, networks: readonly Network[]): boolean {
  return networks.some(
    ([network, bits]) => network.kind() === ip.kind() && ip.match(network, bits),
  );
}

function isPublic(ip: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (ip.range() !== 'unicast' || ip.toString() === AZURE_HOST) return false;
  return ip.kind() === 'ipv4' || ip.match(GLOBAL_IPV6);
}

/** The address in a URL that has no name. */
export function literalAddressOf({ hostname }: URL): string | null {
  const address = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(address) ? address : null;
}

/**
 * Node unpacks the whole chain to check the name, although it looks only at the target's own
 * certificate.
 */
function checkingLeafOnly(socket: TLSSocket): TLSSocket {
  socket.getPeerCertificate = () =>
    TLSSocket.prototype.getPeerCertificate.call(socket) as DetailedPeerCertificate;
  return socket;
}

/** Node asks for all addresses of a name when it may choose between families. */
function guardedLookup(
  resolve: typeof lookup,
  isAllowed: (address: string) => boolean,
  blocked: (address: string) => Error,
): LookupFunction {
  return (hostname, options, callback) => {
    const startedAt = performance.now();
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error)
        return callback(Object.assign(error, { tookMs: performance.now() - startedAt }), []);
      const forbidden = found.find(({ address }) => !isAllowed(address));
      if (forbidden) callback(blocked(forbidden.address), []);
      else callback(null, found.slice(0, MAX_ADDRESSES));
    });
  };
}
