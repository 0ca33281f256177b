import type { Phases } from '@gomon/domain';

/** Where the time of a probe went, in milliseconds: its hops together, and 0 for a phase that it never entered. */
export interface Timing {
  /** Looking up names. */
  readonly dnsMs: number;
  /** Until a connection stood; several addresses may have been tried. */
  readonly connectMs: number;
  /** The TLS handshake, with the check of the certificate. */
  readonly tlsMs: number;
  /** From then until the first byte of the answer. */
  readonly firstByteMs: number;
  /** From the start of the probe to its verdict: the phases, reading the answers, and our own work. */
  readonly totalMs: number;
}

export type Phase = 'dns' | 'connect' | 'tls' | 'firstByte' | 'other';

export interface Stopwatch {
  readonly phase: Phase;
  /** Ends the phase that runs. */
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
      return { dnsMs: dns, connectMs: connect, tlsMs: tls, firstByteMs: firstByte, totalMs: since - startedAt };
    },
  };
}

/** In whole milliseconds. Not each phase is rounded but where it would end, so that together they never exceed the rounded total. */
export function toPhases({ dnsMs, connectMs, tlsMs, firstByteMs }: Timing): Phases {
  const resolved = Math.round(dnsMs);
  const connected = Math.round(dnsMs + connectMs);
  const secured = Math.round(dnsMs + connectMs + tlsMs);
  const answered = Math.round(dnsMs + connectMs + tlsMs + firstByteMs);
  return [resolved, connected - resolved, secured - connected, answered - secured];
}
