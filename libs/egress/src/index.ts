// Outgoing connections to what users name. Only checked addresses are dialled, and by default only
// public ones pass. Protocols and timeouts are the caller's.
export { isNetworkList, parseNetworks, type Network } from './allowed-networks.ts';
export {
  BlockedTargetError,
  createDial,
  isAllowedAddress,
  literalAddressOf,
  type Dial,
  type DialRules,
} from './egress-guard.ts';
export { isHttpPort } from './http-ports.ts';
export { refusedCertificateOf } from './refused-certificate.ts';
export { WELL_KNOWN_PREFIX, embeddedIpv4 } from './nat64.ts';
export { createNat64Discovery, type Nat64Discovery } from './nat64-discovery.ts';
