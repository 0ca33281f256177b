import { createLine, type Line } from './line.ts';

/** Ends the turn of the one who called it: once. */
export type EndTurn = () => void;

/** Lets a limited number of holders in at once, and fewer for each host; the others in the order in which they came. */
export interface Turns {
  /** Resolves with what ends the turn when it is the caller's; with null when there are no more turns. */
  take(host: string): Promise<EndTurn | null>;
  /** From now on nobody gets a turn, and those who wait hear so. */
  close(): void;
  readonly taken: number;
  /** Those that are next when a turn is free. */
  readonly waiting: number;
  /** Those whose host has as many as it may have: they keep nobody of another host waiting. */
  readonly waitingForHost: number;
}

export interface TurnsOptions {
  readonly limit: number;
  readonly hostLimit: number;
  readonly onEnd?: () => void;
}

interface Host {
  readonly name: string;
  /** How many of its own have a turn or are next. */
  admitted: number;
  readonly line: Line<Waiter>;
}

interface Waiter {
  readonly host: Host;
  readonly resolve: (turn: EndTurn | null) => void;
}

/**
 * So many turns begin between two looks at the network: a backlog that began all at once would keep the answers of the
 * probes in flight waiting, and their clocks would run.
 */
const STARTS_AT_A_TIME = 16;

export function createTurns({ limit, hostLimit, onEnd }: TurnsOptions): Turns {
  const hosts = new Map<string, Host>();
  const next = createLine<Waiter>();
  let taken = 0;
  let waitingForHost = 0;
  let closed = false;
  let planned = false;

  function plan(): void {
    if (planned || taken >= limit || next.length === 0) return;
    planned = true;
    setImmediate(() => {
      planned = false;
      for (const { host, resolve } of next.shift(Math.min(STARTS_AT_A_TIME, limit - taken))) {
        taken++;
        resolve(() => end(host));
      }
      plan();
    });
  }

  function admit(waiter: Waiter): void {
    waiter.host.admitted++;
    next.push(waiter);
    plan();
  }

  function end(host: Host): void {
    taken--;
    host.admitted--;
    for (const waiter of host.line.shift(1)) {
      waitingForHost--;
      admit(waiter);
    }
    if (host.admitted === 0) hosts.delete(host.name);
    plan();
    onEnd?.();
  }

  function hostOf(name: string): Host {
    const host = hosts.get(name) ?? { name, admitted: 0, line: createLine() };
    hosts.set(name, host);
    return host;
  }

  return {
    take: (name) => {
      if (closed) return Promise.resolve(null);
      const host = hostOf(name);
      return new Promise((resolve) => {
        if (host.admitted < hostLimit) return admit({ host, resolve });
        host.line.push({ host, resolve });
        waitingForHost++;
      });
    },
    close: () => {
      closed = true;
      for (const line of [next, ...[...hosts.values()].map((host) => host.line)])
        for (const { resolve } of line.shift(line.length)) resolve(null);
      waitingForHost = 0;
    },
    get taken() {
      return taken;
    },
    get waiting() {
      return next.length;
    },
    get waitingForHost() {
      return waitingForHost;
    },
  };
}
