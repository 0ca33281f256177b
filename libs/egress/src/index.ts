// The way out: connections to what users name. No address is dialled but one that was checked, and by default only public
// ones pass. What is said over a connection, and for how long, is for whoever dials.
export { isNetworkList, parseNetworks, type Network } from './allowed-networks.ts';
export { BlockedTargetError, createDial, isAllowedAddress, literalAddressOf, type Dial } from './egress-guard.ts';
export { isHttpPort } from './http-ports.ts';
export { refusedCertificateOf } from './refused-certificate.ts';
export { WELL_KNOWN_PREFIX, embeddedIpv4 } from './nat64.ts';
export { createNat64Discovery, type Nat64Discovery } from './nat64-discovery.ts';
