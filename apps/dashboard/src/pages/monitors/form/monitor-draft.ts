import type { paths } from '@gomon/client';
import { KIND_FORMS } from '../../../kinds/all.ts';
import type { KindFields, KindName } from '../../../kinds/kind.ts';
import { splitText } from '../../../parts/forms/split-text.ts';
import type { Monitor } from '../../../queries.ts';

type DryRunBody = paths['/v1/dry-runs']['post']['requestBody']['content']['application/json'];
type Body = paths['/v1/monitors']['post']['requestBody']['content']['application/json'];
type Patch = paths['/v1/monitors/{id}']['patch']['requestBody']['content']['application/json'];

/** A monitor as it is being written: lists are text, by comma. */
export interface Draft {
  readonly name: string;
  readonly kind: KindName;
  /** Of the kind. */
  readonly fields: KindFields;
  readonly threshold: number;
  readonly windowSeconds: number;
  readonly intervalSeconds: number;
  /** In milliseconds; empty for the default. */
  readonly timeoutMs: string;
  readonly tags: string;
  readonly channelIds: readonly string[];
}

export const NEW_DRAFT: Draft = {
  name: '',
  kind: 'http',
  fields: KIND_FORMS.http.fresh,
  threshold: 2,
  windowSeconds: 300,
  intervalSeconds: 60,
  timeoutMs: '',
  tags: '',
  channelIds: [],
};

export function draftOf(monitor: Monitor): Draft {
  return {
    ...monitor,
    fields: KIND_FORMS[monitor.kind].fieldsOf(monitor),
    timeoutMs: String(monitor.timeoutMs),
    tags: monitor.tags.join(', '),
  };
}

/** What a dry run takes of it; null while there is nothing to check yet. */
export function toDryRun({ kind, fields, timeoutMs, intervalSeconds }: Draft): DryRunBody | null {
  const form = KIND_FORMS[kind];
  if (!form.hasTarget(fields)) return null;
  const settings = form.toDryRun?.(fields) ?? form.toBody(fields);
  return {
    kind,
    ...settings,
    timeoutMs: timeoutMs === '' ? Math.min(10_000, intervalSeconds * 800) : Number(timeoutMs),
  };
}

export function toBody(draft: Draft): Body {
  const { name, kind, fields, threshold, windowSeconds, intervalSeconds } = draft;
  return {
    name: name.trim(),
    kind,
    ...KIND_FORMS[kind].toBody(fields),
    threshold,
    windowSeconds,
    intervalSeconds: intervalSeconds as NonNullable<Body['intervalSeconds']>,
    ...(draft.timeoutMs !== '' && { timeoutMs: Number(draft.timeoutMs) }),
    tags: [...new Set(splitText(draft.tags, ','))],
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
export function largestThreshold({
  intervalSeconds,
  windowSeconds,
}: Pick<Draft, 'intervalSeconds' | 'windowSeconds'>): number {
  return Math.floor((windowSeconds - 1) / intervalSeconds);
}

/** Whether no number of failures can open an alert, although `initial` was another rule. */
export function isUnreachable(draft: Draft, initial: Draft): boolean {
  const isNew = (['threshold', 'windowSeconds', 'intervalSeconds'] as const).some(
    (name) => draft[name] !== initial[name],
  );
  return isNew && draft.threshold > largestThreshold(draft) && draft.threshold !== NEVER_ALERTS;
}
