import { BlockedTargetError, literalAddressOf, type Dial } from '@gomon/egress';
import { whyOf } from '../probes/failure-reason.ts';
import { networkOf } from './network-of.ts';

export interface ConnectionListener {
  tried(network: string): void;
  made(): void;
  failed(network: string): void;
}

export interface NameListener {
  tried(domain: string): void;
  resolved(): void;
  /**
   * `absent`: the resolver reports that the name does not exist; otherwise it failed or has not
   * answered.
   */
  failed(domain: string, isAbsent: boolean): void;
}

export interface DialListeners {
  readonly addresses: ConnectionListener;
  readonly names: NameListener;
}

/**
 * The same dial, with its name lookups reported, and then the connections to their addresses; not
 * connections to this machine, nor those that we refuse.
 */
export function watchDial(dial: Dial, { addresses, names }: DialListeners): Dial {
  return (url, options) => {
    const socket = dial(url, options);
    const literal = literalAddressOf(url);
    const domain = literal ? null : networkOf(url.hostname);
    let network = literal ? networkOf(literal) : null;
    let isLookingUp = domain !== null;
    let isEnded = false;
    if (domain !== null) names.tried(domain);
    if (network !== null) addresses.tried(network);

    function endLookup(error: unknown, address?: string): void {
      if (!isLookingUp || domain === null) return;
      isLookingUp = false;
      if (error && !(error instanceof BlockedTargetError)) tellFailure(domain, error);
      // What comes from a local file says nothing about the resolver.
      else if (address === undefined || networkOf(address) !== null) names.resolved();
    }
    function tellFailure(name: string, error: unknown): void {
      const { reason, cause } = whyOf(error, 'dns');
      if (reason !== 'internal')
        names.failed(name, cause === 'nxdomain' || cause === 'dns_no_address');
    }
    function end(isMade: boolean, error?: unknown): void {
      if (isEnded) return;
      isEnded = true;
      if (isLookingUp) endLookup(error ?? new LookupUnfinished());
      else if (network !== null && isMade) addresses.made();
      else if (network !== null && !(error instanceof BlockedTargetError))
        addresses.failed(network);
    }

    socket.on('lookup', (error: Error | null, address: string | undefined) =>
      endLookup(error, address),
    );
    socket.on('connectionAttempt', (address) => {
      const attempted = networkOf(address);
      if (network === null && attempted !== null) addresses.tried(attempted);
      network = attempted;
    });
    socket.once('connect', () => end(true));
    // The caller's error handlers run before the socket closes.
    socket.once('error', (error) => end(false, error));
    socket.once('close', () => end(false, socket.errored));
    return socket;
  };
}

/** An abandoned lookup. */
class LookupUnfinished extends Error {
  readonly code = 'EAI_AGAIN';
  readonly syscall = 'getaddrinfo';
}
