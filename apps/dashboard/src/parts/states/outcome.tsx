import type { Check } from '../../queries.ts';

const LABELS = { success: 'Succeeded', failure: 'Failed', unknown: 'Unknown' };

export function Outcome({ outcome }: Pick<Check, 'outcome'>) {
  return <span className={`outcome outcome-${outcome}`}>{LABELS[outcome]}</span>;
}
