import {
  CHECK_KIND_NAMES,
  DEFAULT_KIND,
  defaultsOf,
  storedShape,
  withoutDefaults,
  type CheckKindName,
  type CheckSettings,
} from '@gomon/checks';
import Type from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { PROBE_BATCH_SIZE } from './queues.ts';

/** What the targets of all kinds have. The settings of the kind are beside it, without those that are as by default. */
const ProbeTargetSchema = Type.Object({
  monitorId: Type.String(),
  kind: Type.Optional(Type.String({ description: `Absent: ${DEFAULT_KIND}.` })),
  intervalSeconds: Type.Integer({ minimum: 1 }),
  timeoutMs: Type.Integer({ minimum: 1 }),
  probeVersion: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Of the settings; its result says the same.' }),
  ),
  owner: Type.Optional(
    Type.Integer({
      description:
        'The same for all monitors of a user: probers share their places between owners.',
    }),
  ),
});

const ProbeJobSchema = Type.Object({
  shard: Type.Integer({ minimum: 0 }),
  slot: Type.Integer({ minimum: 0, description: 'Seconds since the epoch.' }),
  targets: Type.Array(ProbeTargetSchema, { minItems: 1, maxItems: PROBE_BATCH_SIZE }),
});

interface TargetOfAnyKind {
  readonly monitorId: string;
  readonly intervalSeconds: number;
  readonly timeoutMs: number;
  /** Which settings of the monitor these are: results of earlier ones are superseded. Absent for the first. */
  readonly probeVersion?: number;
  /** The same for all monitors of a user, and no name of the user. Schedulers of earlier versions do not say it. */
  readonly owner?: number | undefined;
}

/** What is checked, with all settings of its kind. Secrets in them are encrypted for the monitor. */
export type ProbeTarget<Kind extends CheckKindName = CheckKindName> = TargetOfAnyKind &
  CheckSettings<Kind>;

/** The checks of some monitors of one shard at one slot. */
export interface ProbeJob {
  readonly shard: number;
  readonly slot: number;
  readonly targets: readonly ProbeTarget[];
}

/** A probe job as it lies on the queue: what is as by default is left out, which halves it. */
export interface ProbeJobData extends Omit<ProbeJob, 'targets'> {
  readonly targets: readonly (TargetOfAnyKind & { readonly kind?: string })[];
}

const validator = Compile(ProbeJobSchema);
const settingsValidators: ReadonlyMap<string, Validator> = new Map(
  CHECK_KIND_NAMES.map((kind) => [kind, Compile(storedShape(kind))]),
);

export function writeProbeJob({ shard, slot, targets }: ProbeJob): ProbeJobData {
  return { shard, slot, targets: targets.map(writeTarget) };
}

/** Throws when `data` is not a probe job. */
export function parseProbeJob(data: unknown): ProbeJob {
  const { shard, slot, targets } = validator.Parse(data);
  return { shard, slot, targets: targets.map(parseTarget) };
}

function writeTarget(target: ProbeTarget): ProbeJobData['targets'][number] {
  const { monitorId, kind, intervalSeconds, timeoutMs, probeVersion, owner } = target;
  return {
    monitorId,
    ...(kind !== DEFAULT_KIND && { kind }),
    ...withoutDefaults(kind, target),
    intervalSeconds,
    timeoutMs,
    ...(probeVersion !== undefined && probeVersion > 1 && { probeVersion }),
    ...(owner !== undefined && { owner }),
  };
}

function parseTarget({
  kind = DEFAULT_KIND,
  ...target
}: ProbeJobData['targets'][number]): ProbeTarget {
  const settings = settingsValidators.get(kind);
  if (!settings?.Check(target)) throw new Error(`not the settings of a check of kind ${kind}`);
  return { ...defaultsOf(kind), ...target, kind } as ProbeTarget;
}
