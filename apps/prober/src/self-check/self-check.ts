// Distinguishes failures of targets from failures of the prober's own network or resolver. While
// nothing else can be reached, the result of a probe that could not connect is held: until
// something is reached, and then it is reported as it is, or until there is a mass of such failures
// that no canary contradicts, and then it is `unknown`. Names and addresses are judged separately:
// reaching an address says nothing about the resolver.
import type { Dial } from '@gomon/egress';
import type { Logger } from '@gomon/runtime';
import { Gauge, type Registry } from 'prom-client';
import { createSuspicion, type Suspicion } from './suspicion.ts';
import { anyCanaryAnswers, anyCanaryResolves, namedCanaries, type Canary } from './canaries.ts';
import type { Finding } from '../probes/probe.ts';
import { watchDial } from './watch-dial.ts';

export interface SelfCheck {
  /** The same dial; the self-check learns from its lookups and connections. */
  watch(dial: Dial): Dial;
  /** The finding, or what to report in its place; null when `stop` came first. */
  review(found: Finding): Promise<Finding | null>;
  /** Whether our own network or resolver is down. */
  readonly cutOff: boolean;
  /** Drops held results. */
  stop(): void;
}

export interface SelfCheckOptions {
  /**
   * While our network works, one of them can be reached, and while our resolver works, the name of
   * one resolves. Without canaries, the network is down when nothing can be reached, and the
   * resolver when no name resolves.
   */
  readonly canaries: readonly Canary[];
  readonly registry: Registry;
  readonly logger: Logger;
}

/**
 * Few names fail at once unless the resolver does: three domains, and no success, are enough. Each
 * may be checked only once a minute.
 */
const RESOLVER = { levels: { pauseMs: 120_000, enoughIfAllFail: 3 }, holdMs: 120_000 };
const RESOLVER_WORDS = {
  began:
    'no name resolves: the resolver of this prober fails, and failed lookups are reported as unknown',
  ended: 'the resolver of this prober works again',
};

export function createSelfCheck({ canaries, registry, logger }: SelfCheckOptions): SelfCheck {
  const named = namedCanaries(canaries);
  const askNames = named.length > 0 ? () => anyCanaryResolves(named) : null;
  const askCanaries = canaries.length > 0 ? () => anyCanaryAnswers(canaries) : null;
  const addresses = createSuspicion({ askCanaries, logger });
  const resolver = createSuspicion({
    askCanaries: askNames,
    logger,
    words: RESOLVER_WORDS,
    ...RESOLVER,
  });
  // A resolver that reports every name as missing has failed, too. For one name that answer is
  // believed sooner than a failure.
  const absence = createSuspicion({ askCanaries: askNames, logger, words: RESOLVER_WORDS });
  const suspicions = [addresses, resolver, absence];
  const isCutOff = () => suspicions.some((suspicion) => suspicion.cutOff);
  showGauge(registry, isCutOff);
  return {
    watch: (dial) => watchDial(dial, { addresses, names: nameListener(resolver, absence) }),
    review: async (found) => {
      const suspicion = { address: addresses, resolver, absence, none: null }[whatFailed(found)];
      if (!suspicion) return found;
      const isOurs = await suspicion.isOurs(performance.now() - (found.durationMs ?? 0));
      if (isOurs === null) return null;
      const cause = suspicion === addresses ? 'cut_off' : 'resolver_failed';
      return isOurs
        ? { ...found, outcome: 'unknown', reason: 'internal', cause, causeDetail: null }
        : found;
    },
    get cutOff() {
      return isCutOff();
    },
    stop: () => suspicions.forEach((suspicion) => suspicion.stop()),
  };
}

function nameListener(resolver: Suspicion, absence: Suspicion) {
  return {
    tried: (domain: string) => [resolver, absence].forEach((suspicion) => suspicion.tried(domain)),
    resolved: () => [resolver, absence].forEach((suspicion) => suspicion.made()),
    failed(domain: string, isAbsent: boolean) {
      absence.failed(domain);
      if (!isAbsent) resolver.failed(domain);
    },
  };
}

/** A timeout may also come after the connection, which was reported and counts for our network. */
function whatFailed({
  outcome,
  reason,
  cause,
  statusCode,
}: Finding): 'address' | 'resolver' | 'absence' | 'none' {
  if (outcome !== 'failure' || statusCode !== null) return 'none';
  if (reason === 'dns')
    return cause === 'nxdomain' || cause === 'dns_no_address' ? 'absence' : 'resolver';
  if (cause === 'timeout_dns') return 'resolver';
  return reason === 'connect' || reason === 'timeout' ? 'address' : 'none';
}

function showGauge(registry: Registry, isCutOff: () => boolean): void {
  new Gauge({
    name: 'gomon_prober_cut_off',
    help: "1 while the prober's own network or resolver is down: failed connections and lookups are reported as unknown.",
    registers: [registry],
    collect() {
      this.set(Number(isCutOff()));
    },
  });
}
