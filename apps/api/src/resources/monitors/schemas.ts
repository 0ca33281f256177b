import { CHECK_KIND_NAMES, checkKind } from '@gomon/checks';
import {
  CAUSES,
  FAILURE_REASONS,
  MONITOR_STATUSES,
  OUTCOMES,
  UNKNOWN_REASONS,
  type Monitor,
} from '@gomon/domain';
import type { MonitorWithState } from '@gomon/persistence';
import Type, { type Static } from 'typebox';
import {
  Id,
  integerOrNull,
  moment,
  momentOrNull,
  oneOf,
  oneOfOrNull,
  pageQuery,
  record,
} from '../../schemas/fields.ts';
import { answeredFields, fieldsOfAllKinds } from './kind-fields.ts';

export const STATUS_DESCRIPTION =
  '`down`: an alert is open, or the newest check failed. `stale`: nothing became known for two intervals, the timeout and 15 s. `pending`: the first check is not there yet, or the newest one says nothing.';

const MonitorStateAnswer = record({
  status: oneOf(MONITOR_STATUSES, { description: STATUS_DESCRIPTION }),
  alerting: Type.Boolean({ description: 'Whether an alert is open.' }),
  stale: Type.Boolean({
    description:
      'Whether nothing became known in time. A monitor whose alert is open stays `down`, and is stale as well.',
  }),
  maintenanceUntil: momentOrNull({
    description: 'When the maintenance ends that the monitor is in; null outside of any.',
  }),
  lastSlot: momentOrNull(),
  lastOutcome: oneOfOrNull(OUTCOMES),
  lastStatusCode: integerOrNull(),
  lastReason: oneOfOrNull([...FAILURE_REASONS, ...UNKNOWN_REASONS]),
  lastCause: oneOfOrNull(CAUSES),
});

export const MonitorAnswer = record(
  {
    id: Id,
    name: Type.String(),
    kind: oneOf<string>(CHECK_KIND_NAMES),
    target: Type.String({
      description: 'What is checked: the URL, or what the kind has in its place.',
    }),
    threshold: Type.Integer(),
    intervalSeconds: Type.Integer(),
    timeoutMs: Type.Integer(),
    windowSeconds: Type.Integer(),
    paused: Type.Boolean(),
    tags: Type.Array(Type.String()),
    channelIds: Type.Array(Id),
    state: MonitorStateAnswer,
    createdAt: moment(),
    updatedAt: moment(),
    ...fieldsOfAllKinds(answeredFields),
  },
  { $id: 'Monitor' },
);

const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

export const MonitorQuery = record({
  ...pageQuery,
  name: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      format: 'line',
      description: 'Part of the name, whatever its case.',
    }),
  ),
  paused: Type.Optional(Type.Boolean()),
  alerting: Type.Optional(Type.Boolean({ description: 'Whether an alert is open.' })),
  ids: Type.Optional(
    Type.String({
      maxLength: 3700,
      pattern: `^${UUID}(,${UUID}){0,99}$`,
      description:
        'Only these, a hundred at most, by comma; those that are not yours are left out.',
    }),
  ),
});

/** The fields of the kind are beside the others. Secrets stay here. */
export function toMonitorAnswer({
  settings,
  ...monitor
}: MonitorWithState): Static<typeof MonitorAnswer> {
  const { tags, channelIds, kind } = monitor;
  return {
    ...monitor,
    tags: [...tags],
    channelIds: [...channelIds],
    ...settings,
    ...namesOfSecrets(kind, settings),
  };
}

function namesOfSecrets(kind: string, settings: Monitor['settings']) {
  const { secrets } = checkKind(kind);
  const nulled = (texts: object) =>
    Object.fromEntries(Object.keys(texts).map((name) => [name, null]));
  return Object.fromEntries(secrets.map((name) => [name, nulled(settings[name] ?? {})]));
}
