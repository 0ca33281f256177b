import { CHECK_KINDS, DEFAULT_KIND, isCheckKind } from '@gomon/checks';
import {
  describeCause,
  type AlertEnd,
  type NotificationContent,
  type NotifiedCheck,
} from '@gomon/domain';
import type { Fact, Message, MessageTransition } from './channels/channel.ts';

export interface Told {
  readonly id: string;
  readonly transition: MessageTransition;
  readonly createdAt: Date;
  readonly startedAt: Date;
  readonly content: NotificationContent;
}

const HEADINGS: Readonly<Record<MessageTransition, string>> = {
  opened: 'DOWN',
  resolved: 'RESOLVED',
  reminder: 'STILL DOWN',
  test: 'TEST',
};

/** An end that no check has seen is not called a recovery. */
const ENDS: Readonly<Record<AlertEnd, { readonly heading: string; readonly fact: string }>> = {
  pause: {
    heading: 'PAUSED',
    fact: 'The monitor was paused. Whether the target recovered is not known.',
  },
  delete: {
    heading: 'DELETED',
    fact: 'The monitor was deleted. Whether the target recovered is not known.',
  },
};

/** `publicUrl` is the dashboard's public address; empty when unknown. */
export function composeMessage(
  { id, transition, createdAt, startedAt, content }: Told,
  publicUrl: string,
): Message {
  const { monitor } = content;
  const end = endOf(transition, content);
  const hasPage = transition !== 'test' && content.alert.endedBy !== 'delete';
  const link =
    publicUrl && hasPage ? `${publicUrl.replace(/\/$/, '')}/monitors/${monitor.id}` : null;
  return {
    id,
    transition,
    createdAt,
    startedAt,
    content,
    link,
    title: `${end?.heading ?? HEADINGS[transition]}: ${monitor.name}`,
    facts: factsOf(transition, content),
  };
}

/** The facts as lines of text. */
export function toText({ title, facts, link }: Message): string {
  return [
    title,
    '',
    ...facts.map(({ name, value }) => `${name}: ${value}`),
    ...(link ? ['', link] : []),
  ].join('\n');
}

function factsOf(transition: MessageTransition, content: NotificationContent): Fact[] {
  const { monitor, alert, lastChecks } = content;
  if (transition === 'test') {
    return [{ name: 'Test', value: 'Someone sent a test to this channel. Nothing is down.' }];
  }
  const { openedAt, resolvedAt, failures, threshold, windowSeconds } = alert;
  const end = endOf(transition, content);
  const lastFailure =
    lastChecks.find((check) => check.outcome === 'failure') ?? alert.lastFailure ?? alert.openedBy;
  return [
    { name: labelOf(monitor.kind), value: monitor.url },
    ...(alert.url === undefined
      ? []
      : [{ name: `${labelOf(monitor.kind)} that failed`, value: alert.url }]),
    ...(end ? [{ name: 'Ended', value: end.fact }] : []),
    ...(lastFailure ? [{ name: 'Reason', value: describeResult(lastFailure) }] : []),
    { name: resolvedAt ? 'Down from' : 'Since', value: toMoment(openedAt) },
    ...(resolvedAt
      ? [
          { name: 'Until', value: toMoment(resolvedAt) },
          {
            name: 'Duration',
            value: describeDuration((Date.parse(resolvedAt) - Date.parse(openedAt)) / 1000),
          },
        ]
      : []),
    {
      name: 'Failures',
      value: `${failures} in ${describeDuration(windowSeconds)}, more than the threshold of ${threshold}`,
    },
    ...(lastChecks.length > 0
      ? [{ name: 'Last checks', value: lastChecks.map(describeCheck).join('; ') }]
      : []),
  ];
}

function labelOf(kind: string = DEFAULT_KIND): string {
  return isCheckKind(kind) ? CHECK_KINDS[kind].targetLabel : 'Target';
}

function endOf(transition: MessageTransition, { alert }: NotificationContent) {
  return transition === 'resolved' && alert.endedBy !== undefined ? ENDS[alert.endedBy] : null;
}

function describeCheck(check: NotifiedCheck): string {
  const duration = check.durationMs === null ? '' : ` in ${check.durationMs} ms`;
  return `${check.slot.slice(11, 19)} ${check.outcome === 'success' ? `success ${check.statusCode ?? ''}`.trim() : describeResult(check)}${duration}`;
}

function describeResult({
  reason,
  cause = null,
  causeDetail = null,
  statusCode,
}: Omit<NotifiedCheck, 'outcome' | 'durationMs' | 'slot'>): string {
  return reason ? describeCause(reason, cause, causeDetail, statusCode) : 'unknown';
}

const toMoment = (text: string) => text.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');

/** The two largest non-zero units, such as "1 h 5 min". */
export function describeDuration(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [Math.floor(seconds % 60), 's'],
  ];
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return said.slice(0, 2).join(' ') || '0 s';
}
