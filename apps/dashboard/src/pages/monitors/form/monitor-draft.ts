import type { paths } from '@gomon/client';
import type { Monitor } from '../../../queries.ts';

type DryRunBody = paths['/v1/dry-runs']['post']['requestBody']['content']['application/json'];
type Body = paths['/v1/monitors']['post']['requestBody']['content']['application/json'];
type Patch = paths['/v1/monitors/{id}']['patch']['requestBody']['content']['application/json'];

/** A monitor as it is being written: lists are text, by comma or by line. */
export interface Draft {
  readonly name: string;
  readonly url: string;
  readonly threshold: number;
  readonly windowSeconds: number;
  readonly intervalSeconds: number;
  /** In milliseconds; empty for the default. */
  readonly timeoutMs: string;
  readonly method: Body['method'];
  readonly expectedStatus: string;
  readonly bodyContains: string;
  /** Empty for the default. */
  readonly maxBodyBytes: string;
  readonly followRedirects: boolean;
  readonly tags: string;
  /** `name: value` in each line; a name alone keeps the value that the api has. */
  readonly headers: string;
  readonly channelIds: readonly string[];
}

export const NEW_DRAFT: Draft = {
  name: '',
  url: '',
  threshold: 2,
  windowSeconds: 300,
  intervalSeconds: 60,
  timeoutMs: '',
  method: 'GET',
  expectedStatus: '200',
  bodyContains: '',
  maxBodyBytes: '',
  followRedirects: true,
  tags: '',
  headers: '',
  channelIds: [],
};

export function draftOf(monitor: Monitor): Draft {
  return {
    ...monitor,
    timeoutMs: String(monitor.timeoutMs),
    expectedStatus: monitor.expectedStatus.join(', '),
    bodyContains: monitor.bodyContains ?? '',
    maxBodyBytes: String(monitor.maxBodyBytes),
    tags: monitor.tags.join(', '),
    headers: Object.keys(monitor.headers).join('\n'),
  };
}

/** What a dry run takes of it. A header without a value has none to be sent. */
export function toDryRun(draft: Draft): DryRunBody {
  const { url, method, followRedirects, timeoutMs, expectedStatus, bodyContains, maxBodyBytes, headers } = toBody(draft);
  const given = Object.entries(headers ?? {}).filter(([, value]) => (value as string | null) !== null);
  return {
    url,
    method,
    followRedirects,
    timeoutMs: timeoutMs ?? Math.min(10_000, draft.intervalSeconds * 800),
    expectedStatus,
    bodyContains,
    maxBodyBytes,
    headers: Object.fromEntries(given),
  };
}

export function toBody(draft: Draft): Body {
  const { name, url, threshold, windowSeconds, intervalSeconds, method, followRedirects } = draft;
  return {
    name: name.trim(),
    url: url.trim(),
    threshold,
    windowSeconds,
    intervalSeconds: intervalSeconds as NonNullable<Body['intervalSeconds']>,
    method,
    followRedirects,
    ...(draft.timeoutMs !== '' && { timeoutMs: Number(draft.timeoutMs) }),
    expectedStatus: split(draft.expectedStatus, ','),
    bodyContains: draft.bodyContains || null,
    maxBodyBytes: draft.maxBodyBytes === '' ? 1_048_576 : Number(draft.maxBodyBytes),
    tags: [...new Set(split(draft.tags, ','))],
    headers: readHeaders(draft.headers) as Record<string, string>,
    channelIds: [...draft.channelIds],
  };
}

/** A timeout that stays as it was is no choice: it may be the default, which follows the interval. */
export function toPatch(draft: Draft, { timeoutMs }: Pick<Monitor, 'timeoutMs'>): Patch {
  const { timeoutMs: given = null, ...body } = toBody(draft);
  return { ...body, ...(given !== timeoutMs && { timeoutMs: given }) };
}

/** The threshold of a monitor whose checks are only counted. */
export const NEVER_ALERTS = 1000;

/** More failures than one more than this do not fit into the window. */
export function largestThreshold({ intervalSeconds, windowSeconds }: Pick<Draft, 'intervalSeconds' | 'windowSeconds'>): number {
  return Math.floor((windowSeconds - 1) / intervalSeconds);
}

/** Whether no number of failures can open an alert, although `initial` was another rule. */
export function isUnreachable(draft: Draft, initial: Draft): boolean {
  const isNew = (['threshold', 'windowSeconds', 'intervalSeconds'] as const).some((name) => draft[name] !== initial[name]);
  return isNew && draft.threshold > largestThreshold(draft) && draft.threshold !== NEVER_ALERTS;
}

function readHeaders(text: string): Record<string, string | null> {
  return Object.fromEntries(
    split(text, '\n').map((line) => {
      const [, name = line, value] = /^([^:]+):(.*)$/.exec(line) ?? [];
      return [name.trim(), value === undefined ? null : value.trim()];
    }),
  );
}

function split(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter(Boolean);
}
