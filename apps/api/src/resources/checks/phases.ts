import type { Phases } from '@gomon/domain';
import Type, { type Static } from 'typebox';
import { record, type Notes } from '../../schemas/fields.ts';

const PhasesAnswer = record({
  dnsMs: Type.Number({ description: 'Looking up names.' }),
  connectMs: Type.Number({ description: 'Until a connection stood.' }),
  tlsMs: Type.Number({ description: 'The TLS handshake.' }),
  firstByteMs: Type.Number({ description: 'From then until the first byte of the answer.' }),
  restMs: Type.Number({ description: "Reading the answer, and the prober's own work." }),
});

/** Where the time of a check went, redirects included. */
export function phasesOrNull(notes: Notes) {
  return Type.Unsafe<Static<typeof PhasesAnswer> | null>({ ...PhasesAnswer, type: ['object', 'null'], ...notes });
}

/** With what of the duration is in none of them. */
export function phasesAnswer(phases: Phases | null, durationMs: number | null): Static<typeof PhasesAnswer> | null {
  if (phases === null || durationMs === null) return null;
  const [dnsMs, connectMs, tlsMs, firstByteMs] = phases;
  const restMs = Math.max(0, Math.round(10 * (durationMs - dnsMs - connectMs - tlsMs - firstByteMs)) / 10);
  return { dnsMs, connectMs, tlsMs, firstByteMs, restMs };
}
