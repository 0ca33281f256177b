import { expect, test } from '@jest/globals';
import type { NotificationContent, NotifiedCheck } from '@gomon/domain';
import { composeMessage, toText } from './message.ts';

const AT = '2026-11-22T10:00:00.000Z';
const down: NotifiedCheck = {
  slot: AT,
  outcome: 'failure',
  statusCode: null,
  reason: 'tls',
  durationMs: 12,
};

const textWith = (check: NotifiedCheck, kind?: string) => {
  const content: NotificationContent = {
    monitor: { id: 'x', name: 'shop', ...(kind && { kind }), url: 'https://shop.test/' },
    alert: {
      id: 'y',
      openedAt: AT,
      resolvedAt: null,
      failures: 3,
      threshold: 2,
      windowSeconds: 300,
    },
    lastChecks: [check],
  };
  return toText(
    composeMessage(
      { id: 'z', transition: 'opened', createdAt: new Date(AT), startedAt: new Date(AT), content },
      '',
    ),
  );
};

test('a message describes the cause in words, with its details', () => {
  const text = textWith({
    ...down,
    cause: 'certificate_expired',
    causeDetail: 'expired 2026-11-03T12:00:00Z',
  });
  expect(text).toContain('Reason: certificate expired on 3 November 2026\n');
  expect(text).toContain('Last checks: 10:00:00 certificate expired on 3 November 2026 in 12 ms');
});

test('a message about a monitor that was edited since says which URL failed', () => {
  const content: NotificationContent = {
    monitor: { id: 'x', name: 'shop', url: 'https://new.test/' },
    alert: {
      id: 'y',
      openedAt: AT,
      resolvedAt: AT,
      failures: 3,
      threshold: 2,
      windowSeconds: 300,
      url: 'https://old.test/',
    },
    lastChecks: [],
  };
  const told = {
    id: 'z',
    transition: 'resolved',
    createdAt: new Date(AT),
    startedAt: new Date(AT),
    content,
  } as const;
  expect(toText(composeMessage(told, ''))).toContain(
    'URL: https://new.test/\nURL that failed: https://old.test/\n',
  );
});

test('a message from facts without a cause gives the reason', () => {
  expect(textWith(down)).toContain('Reason: TLS failed\n');
});

test.each([
  ['URL', undefined],
  ['URL', 'http'],
  ['Address', 'tcp'],
  ['Target', 'of a later version'],
])('a message calls what is checked %s for the kind %s', (label, kind) => {
  expect(textWith(down, kind)).toContain(`${label}: https://shop.test/\n`);
});
