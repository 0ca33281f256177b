import { MONITOR_DEFAULTS, PROBE_METHODS, type ProbeSettings } from '@gomon/domain';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { PROBE_BATCH_SIZE } from './queues.ts';

/** What most monitors have is left out of a job, which halves it. Part of the contract: probers of another version read it, too. */
const USUAL = {
  method: 'GET',
  headers: {},
  expectedStatus: ['200'],
  bodyContains: null,
  maxBodyBytes: MONITOR_DEFAULTS.maxBodyBytes,
  followRedirects: true,
} as const satisfies Partial<ProbeSettings>;

const ProbeTargetSchema = Type.Object({
  monitorId: Type.String(),
  url: Type.String(),
  intervalSeconds: Type.Integer({ minimum: 1 }),
  timeoutMs: Type.Integer({ minimum: 1 }),
  probeVersion: Type.Optional(Type.Integer({ minimum: 1, description: 'Of the settings; its result says the same.' })),
  method: Type.Optional(Type.Enum(PROBE_METHODS)),
  headers: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Values are encrypted for the monitor.' })),
  expectedStatus: Type.Optional(Type.Array(Type.String())),
  bodyContains: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  maxBodyBytes: Type.Optional(Type.Integer({ minimum: 1 })),
  followRedirects: Type.Optional(Type.Boolean()),
  owner: Type.Optional(
    Type.Integer({ description: 'The same for all monitors of a user: probers share their places between owners.' }),
  ),
});

const ProbeJobSchema = Type.Object({
  shard: Type.Integer({ minimum: 0 }),
  slot: Type.Integer({ minimum: 0, description: 'Seconds since the epoch.' }),
  targets: Type.Array(ProbeTargetSchema, { minItems: 1, maxItems: PROBE_BATCH_SIZE }),
});

export interface ProbeTarget extends ProbeSettings {
  readonly monitorId: string;
  /** Which settings of the monitor these are: results of earlier ones are superseded. Absent for the first. */
  readonly probeVersion?: number;
  /** The same for all monitors of a user, and no name of the user. Schedulers of earlier versions do not say it. */
  readonly owner?: number | undefined;
}

/** The checks of some monitors of one shard at one slot. */
export interface ProbeJob {
  readonly shard: number;
  readonly slot: number;
  readonly targets: readonly ProbeTarget[];
}

/** A probe job as it lies on the queue. */
export interface ProbeJobData extends Omit<ProbeJob, 'targets'> {
  readonly targets: readonly (Omit<ProbeTarget, keyof typeof USUAL> & Partial<ProbeTarget>)[];
}

const validator = Compile(ProbeJobSchema);

export function writeProbeJob({ shard, slot, targets }: ProbeJob): ProbeJobData {
  return { shard, slot, targets: targets.map(writeTarget) };
}

/** Throws when `data` is not a probe job. */
export function parseProbeJob(data: unknown): ProbeJob {
  const { shard, slot, targets } = validator.Parse(data) satisfies ProbeJobData;
  return { shard, slot, targets: targets.map((target) => ({ ...USUAL, ...target })) };
}

function writeTarget(target: ProbeTarget): ProbeJobData['targets'][number] {
  const { monitorId, url, intervalSeconds, timeoutMs, probeVersion, owner } = target;
  const { method, headers, expectedStatus, bodyContains, maxBodyBytes, followRedirects } = target;
  const isUsual = expectedStatus.length === 1 && expectedStatus[0] === USUAL.expectedStatus[0];
  return {
    monitorId,
    url,
    intervalSeconds,
    timeoutMs,
    ...(probeVersion !== undefined && probeVersion > 1 && { probeVersion }),
    ...(method !== USUAL.method && { method }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(!isUsual && { expectedStatus }),
    ...(bodyContains !== USUAL.bodyContains && { bodyContains }),
    ...(maxBodyBytes !== USUAL.maxBodyBytes && { maxBodyBytes }),
    ...(followRedirects !== USUAL.followRedirects && { followRedirects }),
    ...(owner !== undefined && { owner }),
  };
}
