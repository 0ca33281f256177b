import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { formatNear } from '../format.ts';
import type { LiveState } from '../live.ts';
import { latenessOf } from '../parts/states/lateness.ts';
import { statusQuery } from '../queries.ts';
import { useReachability } from '../reachability.ts';

/** Says on every page that what it shows may not be how things are: GoMon cannot be reached, or its checks are late. */
export function HealthBanner() {
  const { isLost, answeredAt } = useReachability();
  const status = useQuery(statusQuery).data;
  if (isLost) {
    const known =
      answeredAt === null
        ? ''
        : ` Showing what was known at ${formatNear(new Date(answeredAt).toISOString())}.`;
    return (
      <div className="banner banner-bad" role="alert">
        <p>
          <strong>Cannot reach GoMon.</strong>
          {known} Retrying.
        </p>
      </div>
    );
  }
  const lateness = status ? latenessOf(status) : null;
  if (lateness === null) return null;
  return (
    <div className="banner" role="alert">
      <p>
        <strong>{lateness}</strong> What you see may be out of date.{' '}
        <Link to="/system">Details</Link>
      </p>
    </div>
  );
}

export type ShownLive = LiveState | 'lost' | 'late';

/** "Live" only when what is shown is how things are. */
export function useShownLive(live: LiveState): ShownLive {
  const { isLost } = useReachability();
  const status = useQuery(statusQuery).data;
  if (isLost) return 'lost';
  return status && latenessOf(status) !== null ? 'late' : live;
}
