import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'react';
import { formatMoment, formatMs, formatTick } from '../../format.ts';
import type { Latency, Period } from '../../queries.ts';
import { heightOfPhase, meanPhases, percentileColumns, phaseColumns } from './latency-columns.ts';
import { Empty } from '../page.tsx';
import { PHASES } from './phase-words.ts';
import { MeanPhases } from './phases.tsx';

const HEIGHT = 220;
const SECONDS: Record<Period, number> = {
  '1h': 3600,
  '24h': 86_400,
  '7d': 604_800,
  '30d': 2_592_000,
};

export type LatencyView = 'percentiles' | 'phases';

interface LatencyChartProps {
  readonly latency: Latency;
  readonly view: LatencyView;
}

/** The percentiles of each bucket over time, or its mean, phase upon phase. */
export function LatencyChart({ latency, view }: LatencyChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [themeCount, countTheme] = useState(0);
  const { points, period, bucketSeconds } = latency;
  const means = meanPhases(points);
  const isEmpty = view === 'phases' ? means === null : !points.some(({ p50Ms }) => p50Ms !== null);
  useEffect(() => onThemeChange(() => countTheme((count) => count + 1)), []);
  useEffect(() => {
    if (!place.current || isEmpty) return;
    const end =
      Date.parse(points.at(-1)?.at ?? '') / 1000 + (view === 'phases' ? bucketSeconds / 2 : 0);
    const look = { place: place.current, span: [end - SECONDS[period], end] as const };
    const [drawn, columns] =
      view === 'phases'
        ? [phaseLook(look), phaseColumns(latency)]
        : [percentileLook(look), percentileColumns(latency)];
    const chart = new uPlot(drawn, columns, place.current);
    const observer = new ResizeObserver(([entry]) => {
      if (entry) chart.setSize({ width: entry.contentRect.width, height: HEIGHT });
    });
    observer.observe(place.current);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [latency, points, period, bucketSeconds, view, isEmpty, themeCount]);
  if (isEmpty)
    return (
      <Empty
        title={`No successful check ${view === 'phases' ? 'with phases ' : ''}in this period`}
      />
    );
  const worst = Math.max(...points.map(({ p95Ms }) => p95Ms ?? 0));
  const label =
    view === 'phases'
      ? 'Mean latency over time, phase upon phase; the means of the whole period follow'
      : `Latency over time; the highest 95th percentile is ${formatMs(worst)}`;
  return (
    <>
      <div ref={place} className="chart" role="img" aria-label={label} />
      {means && <MeanPhases means={means} />}
    </>
  );
}

interface Look {
  readonly place: HTMLElement;
  /** Seconds since the epoch. */
  readonly span: readonly [number, number];
}

/** Told apart by dashes as by colour. */
function percentileLook(look: Look): uPlot.Options {
  const stroke = colors(look.place);
  const value = (_: uPlot, ms: number | null) => formatMs(ms);
  const line = (label: string, color: string, dash?: number[]): uPlot.Series => ({
    label,
    stroke: stroke(color),
    width: 1.5,
    value,
    ...(dash && { dash }),
  });
  return {
    ...frame(look),
    series: [
      TIME,
      line('p50', '--chart-1'),
      line('p95', '--chart-2', [6, 3]),
      line('p99', '--chart-3', [2, 3]),
    ],
  };
}

/** Told apart by their order, which is the legend's from the top down, as by colour. */
function phaseLook(look: Look): uPlot.Options {
  const color = colors(look.place);
  const bars = PHASES.map(([, label], i): uPlot.Series => ({
    label,
    fill: color(`--chart-${i + 1}`),
    width: 0,
    points: { show: false },
    ...(uPlot.paths.bars && { paths: uPlot.paths.bars({ size: [0.85, 40] }) }),
    value: (chart, _, series, index) =>
      formatMs(index === null ? null : heightOfPhase(chart.data, series, index)),
  }));
  return { ...frame(look), series: [TIME, ...bars.reverse()] };
}

const TIME: uPlot.Series = {
  label: 'Time',
  value: (_, at) => (at === null ? '–' : formatMoment(at * 1000)),
};

function colors(place: HTMLElement): (name: string) => string {
  const style = getComputedStyle(place);
  return (name) => style.getPropertyValue(name).trim();
}

/** What both have around their series. */
function frame({ place, span }: Look): Omit<uPlot.Options, 'series'> {
  const color = colors(place);
  const axis = {
    stroke: color('--text-muted'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
  };
  const font = '12px system-ui';
  return {
    width: place.clientWidth,
    height: HEIGHT,
    axes: [
      {
        ...axis,
        font,
        values: (_, splits) => splits.map((at) => formatTick(at, span[1] - span[0])),
      },
      { ...axis, font, size: 68, values: (_, splits) => splits.map(formatMs) },
    ],
    scales: { x: { range: [...span] }, y: { range: (_, __, max) => [0, (max || 1) * 1.1] } },
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
