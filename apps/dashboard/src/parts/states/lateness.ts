import type { Schema } from '@gomon/client';
import { formatDuration } from '../../format.ts';

/** What is wrong with GoMon itself, in a sentence; null when checks are on time. */
export function latenessOf(status: Schema<'Status'>): string | null {
  if (status.status === 'ok') return null;
  const {
    lastDispatchedAgeSeconds,
    queueAgeSeconds,
    ingestDelaySeconds,
    probersSeen,
    checksExpired,
  } = status;
  if (probersSeen === null) return 'No scheduler is running.';
  if (probersSeen === 0)
    return 'No prober can check: none is running, or none reaches the network.';
  if (checksExpired)
    return `Probers do not keep up: ${checksExpired === 1 ? '1 check' : `${checksExpired} checks`} expired in the last two minutes.`;
  const late = Math.max(
    lastDispatchedAgeSeconds ?? 0,
    queueAgeSeconds ?? 0,
    ingestDelaySeconds ?? 0,
  );
  return `Checks are ${formatDuration(late)} late.`;
}
