import { expect, test } from '@jest/globals';
import { KIND_FORMS } from '../../../kinds/all.ts';
import { isUnreachable, NEW_DRAFT, toBody, toPatch } from './monitor-draft.ts';

test('a draft becomes what the api takes: lists from text, each tag once, what is empty left to the api', () => {
  const draft = {
    ...NEW_DRAFT,
    name: ' shop ',
    tags: 'eu, , shop,eu',
    fields: { ...NEW_DRAFT.fields, expectedStatus: '200, 301-302', headers: 'X-A: b: c\n\nX-Kept' },
  };
  expect(toBody(draft)).toMatchObject({
    name: 'shop',
    tags: ['eu', 'shop'],
    expectedStatus: ['200', '301-302'],
    headers: { 'X-A': 'b: c', 'X-Kept': null },
    bodyContains: null,
  });
  expect(toBody(draft)).not.toHaveProperty('timeoutMs');
});

test('the draft of a port becomes numbers and texts with their ends of lines', () => {
  const { tcp } = KIND_FORMS;
  const draft = {
    ...NEW_DRAFT,
    kind: 'tcp' as const,
    fields: { host: ' db ', port: '5432', send: 'PING\\r\\n', expect: '' },
  };
  expect(toBody(draft)).toMatchObject({
    kind: 'tcp',
    host: 'db',
    port: 5432,
    send: 'PING\r\n',
    expect: null,
  });
  const monitor = { host: 'db', port: 5432, send: 'a\\b\r\n', expect: null } as Parameters<
    typeof tcp.fieldsOf
  >[0];
  expect(tcp.toBody(tcp.fieldsOf(monitor))).toEqual({
    host: 'db',
    port: 5432,
    send: 'a\\b\r\n',
    expect: null,
  });
});

test('a timeout is sent with a change only where somebody changed it, and null where they took it away', () => {
  const sent = (timeoutMs: string) => toPatch({ ...NEW_DRAFT, timeoutMs }, { timeoutMs: 10_000 });
  expect(sent('10000')).not.toHaveProperty('timeoutMs');
  expect(sent('5000')).toMatchObject({ timeoutMs: 5000 });
  expect(sent('')).toMatchObject({ timeoutMs: null });
});

test('a new rule that can never alert is not sent, and an existing one does not block other changes', () => {
  const never = { ...NEW_DRAFT, threshold: 2, intervalSeconds: 300 };
  expect(isUnreachable(never, NEW_DRAFT)).toBe(true);
  expect(isUnreachable({ ...never, name: 'other' }, never)).toBe(false);
  expect(isUnreachable({ ...never, threshold: 0 }, never)).toBe(false);
});
