import { lookup } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { createSecureContext } from 'node:tls';
import ipaddr from 'ipaddr.js';

export type Network = ReturnType<typeof ipaddr.parseCIDR>;

export interface EgressAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

/** The target's address is neither public nor in a network that the operator allows. */
export class BlockedTargetError extends Error {
  override readonly name = 'BlockedTargetError';
}

const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');
/** Azure's host service answers here, inside every virtual machine, although the address counts as public. */
const AZURE_HOST = '168.63.129.16';
/** A lost SYN is sent again after one second: Node's 250 ms would give up an address that only answers slowly. */
const ATTEMPT_TIMEOUT_MS = 2000;

/** Whether a probe may connect to `address`: it is public unicast, or in one of the networks. */
export function isAllowedAddress(address: string, allowedNetworks: readonly Network[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address);
  if (allowedNetworks.some(([network, bits]) => network.kind() === ip.kind() && ip.match(network, bits))) return true;
  if (ip.range() !== 'unicast' || ip.toString() === AZURE_HOST) return false;
  return ip.kind() === 'ipv4' || ip.match(GLOBAL_IPV6);
}

/**
 * Agents that open a fresh connection for each request and only dial an address that was checked: a literal one before it
 * is dialled, those of a name between the lookup and the dialling. One forbidden address among them refuses the name.
 */
export function createEgressAgents(allowedNetworks: readonly Network[], resolve = lookup): EgressAgents {
  const isAllowed = (address: string) => isAllowedAddress(address, allowedNetworks);
  const options = {
    keepAlive: false,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT_MS,
    lookup: guardedLookup(resolve, isAllowed),
  };
  const tlsOptions = { rejectUnauthorized: true, maxCachedSessions: 0, secureContext: createSecureContext() };
  return {
    http: guardLiterals(new http.Agent(options), isAllowed),
    https: guardLiterals(new https.Agent({ ...options, ...tlsOptions }), isAllowed),
  };
}

type AddressCheck = (address: string) => boolean;

/** Node asks for all addresses of a name when it may choose among the families. */
function guardedLookup(resolve: typeof lookup, isAllowed: AddressCheck): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) callback(error, []);
      else if (found.every(({ address }) => isAllowed(address))) callback(null, found);
      else callback(new BlockedTargetError(), []);
    });
  };
}

/** A literal address is never looked up. */
function guardLiterals<Agent extends http.Agent>(agent: Agent, isAllowed: AddressCheck): Agent {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const { host, socketPath } = options;
    if (socketPath || !host || (isIP(host) && !isAllowed(host))) throw new BlockedTargetError();
    return connect(options, callback);
  };
  return agent;
}
