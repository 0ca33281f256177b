import { formatMs } from '../../format.ts';
import type { Phases } from '../../queries.ts';

/** From the first to happen to the last. */
export const PHASES: readonly (readonly [keyof Phases, string])[] = [
  ['dnsMs', 'Name'],
  ['connectMs', 'Connect'],
  ['tlsMs', 'TLS'],
  ['firstByteMs', 'First byte'],
  ['restMs', 'Rest'],
];

/** Those of a check that took any time worth telling, each kept on one line; empty when nobody measured. */
export function phasesInWords(phases: Phases | null): string {
  if (phases === null) return '';
  return PHASES.filter(([name]) => phases[name] >= 0.5)
    .map(([name, label]) => `${label} ${formatMs(phases[name])}`.replaceAll(' ', '\u00a0'))
    .join(' · ');
}
