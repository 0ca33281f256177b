import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'react';
import { formatMoment, formatMs, formatTick } from '../format.ts';
import type { Latency, Period } from '../queries.ts';
import { Empty } from './page.tsx';
import { Phases } from './phases.tsx';

const HEIGHT = 220;
const SECONDS: Record<Period, number> = { '1h': 3600, '24h': 86_400, '7d': 604_800, '30d': 2_592_000 };

/** The percentiles of each bucket over time. Told apart by dashes as by colour. */
export function LatencyChart({ latency }: { latency: Latency }) {
  const place = useRef<HTMLDivElement>(null);
  const [themeCount, countTheme] = useState(0);
  const { points, period } = latency;
  useEffect(() => onThemeChange(() => countTheme((count) => count + 1)), []);
  useEffect(() => {
    if (!place.current || points.length === 0) return;
    const newest = Date.parse(points.at(-1)?.at ?? '') / 1000;
    const chart = new uPlot(options(place.current, [newest - SECONDS[period], newest]), toColumns(latency), place.current);
    const observer = new ResizeObserver(([entry]) => {
      if (entry) chart.setSize({ width: entry.contentRect.width, height: HEIGHT });
    });
    observer.observe(place.current);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [latency, points, period, themeCount]);
  if (!points.some(({ p50Ms }) => p50Ms !== null)) return <Empty title="No successful check in this period" />;
  const worst = Math.max(...points.map(({ p95Ms }) => p95Ms ?? 0));
  return (
    <>
      <div
        ref={place}
        className="chart"
        role="img"
        aria-label={`Latency over time; the highest 95th percentile is ${formatMs(worst)}`}
      />
      <Phases points={points} />
    </>
  );
}

/** Buckets without checks are left out by the api: in each of those gaps goes a row that breaks the lines. */
function toColumns({ points, bucketSeconds }: Latency): uPlot.AlignedData {
  const rows = points.flatMap(({ at, p50Ms, p95Ms, p99Ms }, index) => {
    const time = Date.parse(at) / 1000;
    const before = points[index - 1];
    const gap =
      before && time - Date.parse(before.at) / 1000 > bucketSeconds ? [[time - bucketSeconds / 2, null, null, null]] : [];
    return [...gap, [time, p50Ms, p95Ms, p99Ms]];
  });
  const column = (index: number) => rows.map((row) => row[index] ?? null);
  return [column(0) as number[], column(1), column(2), column(3)];
}

function options(place: HTMLElement, span: [number, number]): uPlot.Options {
  const style = getComputedStyle(place);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: color('--text-muted'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false } };
  const value = (_: uPlot, ms: number | null) => formatMs(ms);
  const line = (label: string, stroke: string, dash?: number[]): uPlot.Series => ({
    label,
    stroke: color(stroke),
    width: 1.5,
    value,
    ...(dash && { dash }),
  });
  return {
    width: place.clientWidth,
    height: HEIGHT,
    series: [
      { label: 'Time', value: (_, at) => (at === null ? '–' : formatMoment(at * 1000)) },
      line('p50', '--chart-1'),
      line('p95', '--chart-2', [6, 3]),
      line('p99', '--chart-3', [2, 3]),
    ],
    axes: [
      { ...axis, font: '12px system-ui', values: (_, splits) => splits.map((at) => formatTick(at, span[1] - span[0])) },
      { ...axis, font: '12px system-ui', size: 68, values: (_, splits) => splits.map(formatMs) },
    ],
    scales: { x: { range: span }, y: { range: (_, __, max) => [0, (max || 1) * 1.1] } },
    cursor: { y: false, points: { size: 6 } },
  };
}

/** The chart is drawn, not styled: it has to be drawn again in the other colours. */
function onThemeChange(changed: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const choice = new MutationObserver(changed);
  system.addEventListener('change', changed);
  choice.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    system.removeEventListener('change', changed);
    choice.disconnect();
  };
}
