import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { formatNear, formatUnit } from '../../format.ts';
import { KIND_FORMS } from '../../kinds/all.ts';
import { CheckBar } from '../../parts/charts/check-bar.tsx';
import { Age } from '../../parts/states/now.tsx';
import type { LatencyView } from '../../parts/charts/latency-chart.tsx';
import { Loaded, Page, Section } from '../../parts/page.tsx';
import { Segments } from '../../parts/forms/segments.tsx';
import { StateMark, StateTags, stateOf } from '../../parts/states/state.tsx';
import {
  checksQuery,
  latencyQuery,
  monitorQuery,
  PERIODS,
  type Monitor,
  type Period,
} from '../../queries.ts';
import { CheckTable } from './check-table.tsx';
import { MonitorActions } from './monitor-actions.tsx';
import { MonitorAlerts } from './monitor-alerts.tsx';
import { UptimeFigures } from './uptime-figures.tsx';

/** The chart's code comes when a chart is shown. */
const LatencyChart = lazy(() =>
  import('../../parts/charts/latency-chart.tsx').then((module) => ({
    default: module.LatencyChart,
  })),
);

const VIEWS = [
  ['percentiles', 'Percentiles'],
  ['phases', 'Phases'],
] as const satisfies readonly (readonly [LatencyView, string])[];

const BAR_COLUMNS = 90;

export function MonitorPage() {
  const { id } = useParams({ from: '/shell/monitors/$id' });
  const query = useQuery(monitorQuery(id));
  return (
    <Loaded query={query} lines={10}>
      {(monitor) => (
        <Page
          title={monitor.name}
          heading={
            <>
              {monitor.name} <StateMark state={stateOf(monitor)} />{' '}
              <StateTags state={monitor.state} />
            </>
          }
          note={<Summary monitor={monitor} />}
          actions={<MonitorActions monitor={monitor} />}
        >
          <Cautions state={monitor.state} />
          <RecentChecks id={id} />
          <UptimeFigures id={id} />
          <LatencySection id={id} />
          <MonitorAlerts id={id} />
          <CheckTable id={id} />
        </Page>
      )}
    </Loaded>
  );
}

function Summary({ monitor }: { monitor: Monitor }) {
  const { kind, intervalSeconds, threshold, windowSeconds, tags, state } = monitor;
  return (
    <>
      <p className="url url-whole">{KIND_FORMS[kind].describe(monitor)}</p>
      <p>
        Checked every {inWords(intervalSeconds)}; an alert opens when more than{' '}
        <strong>{threshold}</strong> of the checks in the last{' '}
        <strong>{inWords(windowSeconds)}</strong> fail. Last check <Age at={state.lastSlot} />.{' '}
        {tags.map((tag) => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
      </p>
    </>
  );
}

/** What must be known to read the rest rightly. */
function Cautions({ state: { stale, lastSlot, maintenanceUntil } }: Pick<Monitor, 'state'>) {
  return (
    <>
      {stale && (
        <div className="notice notice-warn" role="status">
          <p>
            <strong>Current state unknown.</strong> The next check is overdue. The last one was{' '}
            <Age at={lastSlot} />.
          </p>
        </div>
      )}
      {maintenanceUntil && (
        <div className="notice" role="status">
          <p>
            <strong>In maintenance until {formatNear(maintenanceUntil)}.</strong> Notifications are
            held until then. <Link to="/maintenance">Maintenance windows</Link>
          </p>
        </div>
      )}
    </>
  );
}

function RecentChecks({ id }: { id: string }) {
  const query = useQuery(checksQuery(id));
  return (
    <Section title="Last checks" note="newest on the right">
      <Loaded query={query} lines={1}>
        {({ items }) => <CheckBar checks={items.toReversed()} columns={BAR_COLUMNS} detailed />}
      </Loaded>
    </Section>
  );
}

function LatencySection({ id }: { id: string }) {
  const [period, setPeriod] = useState<Period>('24h');
  const [view, setView] = useState<LatencyView>('percentiles');
  const query = useQuery(latencyQuery(id, period));
  return (
    <Section
      title="Latency"
      actions={
        <>
          <Segments label="View" options={VIEWS} value={view} onChange={setView} />
          <Segments
            label="Period"
            options={PERIODS.map((each) => [each, each])}
            value={period}
            onChange={setPeriod}
          />
        </>
      }
    >
      <Loaded query={query} lines={6}>
        {(latency) => (
          <Suspense fallback={<div className="chart" />}>
            <LatencyChart latency={latency} view={view} />
          </Suspense>
        )}
      </Loaded>
    </Section>
  );
}

function inWords(seconds: number): string {
  if (seconds % 3600 === 0) return formatUnit(seconds / 3600, 'hour');
  return seconds % 60 === 0 ? formatUnit(seconds / 60, 'minute') : formatUnit(seconds, 'second');
}
