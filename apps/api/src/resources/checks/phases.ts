import type { Phases } from '@gomon/domain';
import Type, { type Static } from 'typebox';
import { record, type Notes } from '../../schemas/fields.ts';

const PhasesAnswer = record({
  dnsMs: Type.Number({ description: 'Name lookup.' }),
  connectMs: Type.Number({ description: 'Connecting.' }),
  tlsMs: Type.Number({ description: 'The TLS handshake.' }),
  firstByteMs: Type.Number({ description: 'From then until the first byte of the response.' }),
  restMs: Type.Number({ description: "Reading the response, and the prober's own work." }),
});

/** The phases of a check, over all redirects. */
export function phasesOrNull(notes: Notes) {
  return Type.Unsafe<Static<typeof PhasesAnswer> | null>({
    ...PhasesAnswer,
    type: ['object', 'null'],
    ...notes,
  });
}

/** Adds the part of the duration outside these phases. */
export function phasesAnswer(
  phases: Phases | null,
  durationMs: number | null,
): Static<typeof PhasesAnswer> | null {
  if (phases === null || durationMs === null) return null;
  const [dnsMs, connectMs, tlsMs, firstByteMs] = phases;
  const restMs = Math.max(
    0,
    Math.round(10 * (durationMs - dnsMs - connectMs - tlsMs - firstByteMs)) / 10,
  );
  return { dnsMs, connectMs, tlsMs, firstByteMs, restMs };
}
