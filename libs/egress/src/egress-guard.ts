import { lookup } from 'node:dns';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import {
  TLSSocket,
  connect as connectTls,
  createSecureContext,
  type DetailedPeerCertificate,
  type SecureContext,
} from 'node:tls';
import { isHttpPort } from '@gomon/domain';
import ipaddr from 'ipaddr.js';
import type { Network } from './allowed-networks.ts';

/**
 * Opens a fresh connection to the host of an http(s) URL; with TLS, one that has verified the target in a full handshake when it
 * is `secureConnect`. No address is dialled but one that was checked: a literal one before, those of a name between the lookup
 * and the dialling. One forbidden address among them refuses the name. Throws, or the socket fails with, `BlockedTargetError`.
 */
export type Dial = (url: URL) => Socket;

interface DialOptions {
  readonly resolve?: typeof lookup;
  /** What is trusted; made once, because loading the authorities costs more than a handshake. */
  readonly secureContext?: SecureContext;
}

/** The target's address is neither public nor in a network that the operator allows, or its port is not for HTTP. */
export class BlockedTargetError extends Error {
  override readonly name = 'BlockedTargetError';
}

const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');
/** Azure's host service answers here, inside every virtual machine, although the address counts as public. */
const AZURE_HOST = '168.63.129.16';
/** A lost SYN is sent again after one second: Node's 250 ms would give up an address that only answers slowly. */
const ATTEMPT_TIMEOUT_MS = 2000;
/** A name may have thousands of addresses, to keep us busy. */
const MAX_ADDRESSES = 20;

export function createDial(allowedNetworks: readonly Network[], options: DialOptions = {}): Dial {
  const { resolve = lookup, secureContext = createSecureContext() } = options;
  return (url) => {
    const isSecure = url.protocol === 'https:';
    const port = Number(url.port || (isSecure ? 443 : 80));
    const isAllowed = (address: string) => isAllowedAddress(address, allowedNetworks, port);
    const literal = literalAddressOf(url);
    // Some clients write the path of a socket file behind this host. It is no name to look up.
    const isSocketFile = url.hostname === 'unix';
    if (!url.hostname || isSocketFile || (literal && !isAllowed(literal))) throw new BlockedTargetError();
    const destination = {
      host: literal ?? url.hostname,
      port,
      noDelay: true,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT_MS,
      lookup: guardedLookup(resolve, isAllowed),
    };
    if (!isSecure) return connectTcp(destination);
    const servername = literal ? '' : url.hostname.replace(/\.$/, '');
    const tlsOptions = { servername, secureContext, rejectUnauthorized: true, ALPNProtocols: ['http/1.1'] };
    return checkingLeafOnly(connectTls({ ...destination, ...tlsOptions }));
  };
}

/** Whether a probe may connect to `port` of `address`: it is in one of the networks, or else public unicast and the port HTTP's. */
export function isAllowedAddress(address: string, allowedNetworks: readonly Network[], port = 80): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address);
  if (allowedNetworks.some(([network, bits]) => network.kind() === ip.kind() && ip.match(network, bits))) return true;
  if (!isHttpPort(port) || ip.range() !== 'unicast' || ip.toString() === AZURE_HOST) return false;
  return ip.kind() === 'ipv4' || ip.match(GLOBAL_IPV6);
}

/** The address that a URL has in place of a name. */
export function literalAddressOf({ hostname }: URL): string | null {
  const address = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(address) ? address : null;
}

/** For the check of the name Node unpacks the whole chain, although it looks at the target's own certificate only. */
function checkingLeafOnly(socket: TLSSocket): TLSSocket {
  socket.getPeerCertificate = () => TLSSocket.prototype.getPeerCertificate.call(socket) as DetailedPeerCertificate;
  return socket;
}

/** Node asks for all addresses of a name when it may choose among the families. */
function guardedLookup(resolve: typeof lookup, isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) callback(error, []);
      else if (found.every(({ address }) => isAllowed(address))) callback(null, found.slice(0, MAX_ADDRESSES));
      else callback(new BlockedTargetError(), []);
    });
  };
}
