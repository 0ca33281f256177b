import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import type { Network } from './allowed-networks.ts';
import { WELL_KNOWN_PREFIX, prefixesIn } from './nat64.ts';

/** Discovers the prefixes of the network's NAT64 and follows changes (RFC 7050). */
export interface Nat64Discovery {
  /** The well-known prefix and the discovered ones. */
  readonly prefixes: readonly Network[];
  /** Resolves after the first discovery, whatever its outcome. */
  start(): Promise<void>;
  stop(): void;
}

export interface Nat64DiscoveryOptions {
  /** The IPv6 addresses of a name, from the system's resolver. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
  /** Whether this machine has an address that could reach a NAT64. */
  readonly hasIpv6?: () => boolean;
}

const NAME = 'ipv4only.arpa';
const ASK_EVERY_MS = 10 * 60_000;
/** Pause after a resolver failure. */
const ASK_AGAIN_MS = 5000;
/** The resolver says definitely that there is no such address. */
const NONE = new Set(['ENOTFOUND', 'ENODATA']);

export function createNat64Discovery(options: Nat64DiscoveryOptions = {}): Nat64Discovery {
  const { resolve = systemAddresses, hasIpv6 = hasReachingIpv6 } = options;
  let prefixes: readonly Network[] = [WELL_KNOWN_PREFIX];
  let timer: NodeJS.Timeout | undefined;
  let again: NodeJS.Timeout | undefined;
  let isStopped = false;

  async function ask(): Promise<void> {
    if (!hasIpv6()) return;
    try {
      prefixes = [WELL_KNOWN_PREFIX, ...prefixesIn(await resolve(NAME))];
    } catch (error) {
      // A failing resolver says nothing: keep what was found.
      if (NONE.has(String((error as { code?: unknown }).code))) prefixes = [WELL_KNOWN_PREFIX];
      else if (!isStopped) again = setTimeout(() => void ask(), ASK_AGAIN_MS).unref();
    }
  }

  return {
    get prefixes() {
      return prefixes;
    },
    start: async () => {
      timer = setInterval(() => void ask(), ASK_EVERY_MS);
      timer.unref();
      await ask();
    },
    stop: () => {
      isStopped = true;
      clearInterval(timer);
      clearTimeout(again);
    },
  };
}

async function systemAddresses(name: string): Promise<string[]> {
  return (await lookup(name, { family: 6, all: true })).map(({ address }) => address);
}

function hasReachingIpv6(): boolean {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return addresses.some(
    ({ family, internal, address }) => family === 'IPv6' && !internal && !/^fe[89ab]/.test(address),
  );
}
