import type { Dial } from '@gomon/egress';
// Tells failures of targets from a failure of the prober's own network. While nothing else can be reached either, a probe
// that could not connect is not believed at once: it is held back until something is reached, and then reported as it is,
// or until there is a mass of such failures that no canary contradicts, and then it is `unknown`.
import type { Logger } from '@gomon/runtime';
import { Gauge, type Registry } from 'prom-client';
import { createBlame, type Blame } from './blame.ts';
import { anyCanaryAnswers, type Canary } from './canaries.ts';
import type { Finding } from '../probe-http.ts';
import { watchDial } from './watch-dial.ts';

export interface SelfCheck {
  /** The same dial, from whose connections the self-check learns. */
  watch(dial: Dial): Dial;
  /** The finding, or what is to be made of it; null when `stop` came before that was known. */
  review(found: Finding): Promise<Finding | null>;
  /** Whether our own network is away. */
  readonly cutOff: boolean;
  /** What is held back is left. */
  stop(): void;
}

export interface SelfCheckOptions {
  /** Unless our network is away, one of them can be reached. Without any, it is away when nothing at all can be reached. */
  readonly canaries: readonly Canary[];
  readonly registry: Registry;
  readonly logger: Logger;
}

export function createSelfCheck({ canaries, registry, logger }: SelfCheckOptions): SelfCheck {
  const askCanaries = canaries.length > 0 ? () => anyCanaryAnswers(canaries) : null;
  const blame = createBlame({ askCanaries, logger });
  showGauge(registry, blame);
  return {
    watch: (dial) => watchDial(dial, blame),
    review: async (found) => {
      if (!couldNotConnect(found)) return found;
      const isOurs = await blame.isOurs(performance.now() - (found.durationMs ?? 0));
      if (isOurs === null) return null;
      return isOurs ? { ...found, outcome: 'unknown', reason: 'internal', cause: 'cut_off', causeDetail: null } : found;
    },
    get cutOff() {
      return blame.cutOff;
    },
    stop: () => blame.stop(),
  };
}

/** A timeout may come after the connection as well; that has been told of, and weighs against our own fault. */
function couldNotConnect({ outcome, reason, statusCode }: Finding): boolean {
  return outcome === 'failure' && statusCode === null && (reason === 'dns' || reason === 'connect' || reason === 'timeout');
}

function showGauge(registry: Registry, blame: Blame): void {
  new Gauge({
    name: 'gomon_prober_cut_off',
    help: "1 while the prober's own network is away: what it cannot connect to is reported as unknown.",
    registers: [registry],
    collect() {
      this.set(Number(blame.cutOff));
    },
  });
}
