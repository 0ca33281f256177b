import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { formatMs, formatNear } from '../../format.ts';
import { Outcome } from '../../parts/states/outcome.tsx';
import { Empty, Loaded, Section } from '../../parts/page.tsx';
import { Pages } from '../../parts/pages.tsx';
import { phasesInWords } from '../../parts/charts/phase-words.ts';
import { Segments } from '../../parts/forms/segments.tsx';
import { checkPageQuery, type Check } from '../../queries.ts';

const CHOICES = [
  ['all', 'All'],
  ['failure', 'Failed'],
  ['unknown', 'Unknown'],
] as const;

export function CheckTable({ id }: { id: string }) {
  const [choice, setChoice] = useState<(typeof CHOICES)[number][0]>('all');
  const { checks: cursor } = useSearch({ from: '/shell/monitors/$id' });
  const navigate = useNavigate({ from: '/monitors/$id' });
  const query = useQuery(checkPageQuery(id, choice === 'all' ? undefined : choice, cursor));
  const choose = (next: typeof choice) => {
    setChoice(next);
    if (cursor)
      void navigate({
        search: (all) => ({ ...all, checks: undefined }),
        replace: true,
        resetScroll: false,
      });
  };
  return (
    <Section
      title="Checks"
      note="newest first"
      actions={<Segments label="Outcome" options={CHOICES} value={choice} onChange={choose} />}
    >
      <Loaded query={query}>
        {({ items, nextCursor }) => (
          <Pages of="checks" label="Pages of checks" nextCursor={nextCursor}>
            {items.length === 0 ? (
              <Empty title={choice === 'all' ? 'No checks yet' : 'None'} />
            ) : (
              <Rows checks={items} />
            )}
          </Pages>
        )}
      </Loaded>
    </Section>
  );
}

function Rows({ checks }: { checks: readonly Check[] }) {
  return (
    <table className="table checks">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Outcome</th>
          <th scope="col" className="cell-reason">
            Reason
          </th>
          <th scope="col" className="cell-phases">
            Phases
          </th>
          <th scope="col" className="cell-number">
            Status
          </th>
          <th scope="col" className="cell-number">
            Took
          </th>
        </tr>
      </thead>
      <tbody>
        {checks.map(({ slot, outcome, explanation, statusCode, durationMs, phases }) => (
          <tr key={slot}>
            <td className="nowrap">{formatNear(slot)}</td>
            <td>
              <Outcome outcome={outcome} />
            </td>
            <td className="cell-reason">{explanation}</td>
            <td className="cell-phases">{phasesInWords(phases)}</td>
            <td className="cell-number">{statusCode ?? '–'}</td>
            <td className="cell-number">{formatMs(durationMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
