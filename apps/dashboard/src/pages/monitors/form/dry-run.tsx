import { useMutation } from '@tanstack/react-query';
import type { Schema } from '@gomon/client';
import { api, ask } from '../../../api.ts';
import { formatMs } from '../../../format.ts';
import { FormFault } from '../../../parts/forms/fields.tsx';
import { phasesInWords } from '../../../parts/charts/phase-words.ts';
import { toDryRun, type Draft } from './monitor-draft.ts';

/** What a check of this draft would say, before anything is registered. */
export function DryRun({ draft }: { draft: Draft }) {
  const body = toDryRun(draft);
  const tried = JSON.stringify(body);
  const dryRun = useMutation({
    mutationFn: async () =>
      body && { tried, verdict: await ask(api.POST('/v1/dry-runs', { body })) },
  });
  const verdict = dryRun.data?.tried === tried ? dryRun.data.verdict : null; // What was found holds for what was tried.
  return (
    <div className="dryRun">
      <button
        type="button"
        className="button"
        onClick={() => dryRun.mutate()}
        disabled={dryRun.isPending || body === null}
      >
        {dryRun.isPending ? 'Testing' : 'Test'}
      </button>
      <p role="status" className={verdict ? `dry-run-${verdict.outcome}` : undefined}>
        {dryRun.isPending && <span className="muted">Testing from a prober.</span>}
        {verdict && say(verdict)}{' '}
        {verdict && <span className="muted">{phasesInWords(verdict.phases)}</span>}
      </p>
      <FormFault error={dryRun.error} fields={[]} />
    </div>
  );
}

function say({ outcome, statusCode, reason, explanation, durationMs }: Schema<'DryRun'>): string {
  const took = durationMs === null ? '' : ` (${formatMs(durationMs)})`;
  const isSaid = statusCode === null || reason === 'http_status'; // The explanation has the status.
  const answered = isSaid ? '' : ` Status ${statusCode}${took}.`;
  if (outcome === 'success') return `A check would succeed.${answered}`;
  const because = `${explanation}${isSaid ? took : ''}`;
  return `${outcome === 'failure' ? 'A check would fail' : 'The result would be unknown'}: ${because}.${answered}`;
}
