import { PROBE_METHODS, type ProbeSettings } from '@gomon/domain';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { PROBE_BATCH_SIZE } from './queues.ts';

const ProbeTargetSchema = Type.Object({
  monitorId: Type.String(),
  url: Type.String(),
  intervalSeconds: Type.Integer({ minimum: 1 }),
  timeoutMs: Type.Integer({ minimum: 1 }),
  method: Type.Enum(PROBE_METHODS),
  headers: Type.Record(Type.String(), Type.String(), { description: 'Values are sealed for the monitor.' }),
  expectedStatus: Type.Array(Type.String()),
  bodyContains: Type.Union([Type.String(), Type.Null()]),
  followRedirects: Type.Boolean(),
});

const ProbeJobSchema = Type.Object({
  shard: Type.Integer({ minimum: 0 }),
  slot: Type.Integer({ minimum: 0, description: 'Seconds since the epoch.' }),
  targets: Type.Array(ProbeTargetSchema, { minItems: 1, maxItems: PROBE_BATCH_SIZE }),
});

export interface ProbeTarget extends ProbeSettings {
  readonly monitorId: string;
}

/** The checks of some monitors of one shard at one slot. */
export interface ProbeJob {
  readonly shard: number;
  readonly slot: number;
  readonly targets: readonly ProbeTarget[];
}

const validator = Compile(ProbeJobSchema);

/** Throws when `data` is not a probe job. */
export function parseProbeJob(data: unknown): ProbeJob {
  return validator.Parse(data) satisfies Static<typeof ProbeJobSchema>;
}
