import type { Phases } from '@gomon/domain';

/** Where a probe spent its time, in milliseconds, over all hops; 0 for a phase it never entered. */
export interface Timing {
  /** Looking up names. */
  readonly dnsMs: number;
  /** Until a connection was established; several addresses may have been tried. */
  readonly connectMs: number;
  /** The TLS handshake, including verification of the certificate. */
  readonly tlsMs: number;
  /** From then until the first byte of the answer. */
  readonly firstByteMs: number;
  /** From the start of the probe to its outcome: the phases, reading the answers, and our own work. */
  readonly totalMs: number;
}

export type Phase = 'dns' | 'connect' | 'tls' | 'firstByte' | 'other';

export interface Stopwatch {
  readonly phase: Phase;
  /** Ends the current phase. */
  enter(phase: Phase): void;
  stop(): Timing;
}

/** The phase in which a probe ends counts up to its end. */
export function startStopwatch(): Stopwatch {
  const startedAt = performance.now();
  const spent = { dns: 0, connect: 0, tls: 0, firstByte: 0, other: 0 };
  let phase: Phase = 'other';
  let since = startedAt;
  function enter(next: Phase): void {
    const now = performance.now();
    spent[phase] += now - since;
    since = now;
    phase = next;
  }
  return {
    get phase() {
      return phase;
    },
    enter,
    stop() {
      enter('other');
      const { dns, connect, tls, firstByte } = spent;
      return {
        dnsMs: dns,
        connectMs: connect,
        tlsMs: tls,
        firstByteMs: firstByte,
        totalMs: since - startedAt,
      };
    },
  };
}

/**
 * In whole milliseconds. Rounds the end of each phase instead of its length, so that phases never
 * exceed the rounded total.
 */
export function toPhases({ dnsMs, connectMs, tlsMs, firstByteMs }: Timing): Phases {
  const resolved = Math.round(dnsMs);
  const connected = Math.round(dnsMs + connectMs);
  const secured = Math.round(dnsMs + connectMs + tlsMs);
  const answered = Math.round(dnsMs + connectMs + tlsMs + firstByteMs);
  return [resolved, connected - resolved, secured - connected, answered - secured];
}
