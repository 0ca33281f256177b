import type { ComponentType } from 'react';
import type { paths } from '@gomon/client';
import type { Monitor } from '../queries.ts';

type MonitorBody = paths['/v1/monitors']['post']['requestBody']['content']['application/json'];
type CommonField =
  | 'name'
  | 'kind'
  | 'threshold'
  | 'intervalSeconds'
  | 'timeoutMs'
  | 'windowSeconds'
  | 'paused'
  | 'tags'
  | 'channelIds';

export type KindName = Monitor['kind'];

/** What is written in the fields of a kind: text, numbers too; of a tick "on" or nothing. */
export type KindFields = Readonly<Record<string, string>>;

/** What the api takes of them. */
export type KindBody = Omit<MonitorBody, CommonField>;

export interface KindFieldsProps {
  readonly fields: KindFields;
  readonly error: Error | null;
  readonly onChange: (changes: KindFields) => void;
}

/** The form of a kind of check. */
export interface KindForm {
  readonly label: string;
  readonly fresh: KindFields;
  fieldsOf(monitor: Monitor): KindFields;
  toBody(fields: KindFields): KindBody;
  /** Where a dry run takes less than that. */
  toDryRun?(fields: KindFields): KindBody;
  /** Whether there is enough for a dry run. */
  hasTarget(fields: KindFields): boolean;
  /** What a check does, in a few words. */
  describe(monitor: Monitor): string;
  /** What is checked. */
  readonly TargetFields: ComponentType<KindFieldsProps>;
  /** What is expected of it. */
  readonly AdvancedFields: ComponentType<KindFieldsProps>;
}
