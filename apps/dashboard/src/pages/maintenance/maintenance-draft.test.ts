import { expect, test } from '@jest/globals';
import { draftOf, toBody } from './maintenance-draft.ts';

const window = {
  id: '5b1c6f1e-0000-4000-8000-000000000000',
  name: 'Backups',
  monitorId: null,
  startsAt: '2026-03-29T01:30:17.000Z',
  durationSeconds: 90,
  rrule: 'FREQ=WEEKLY;BYDAY=SU',
  timeZone: 'Europe/Vienna',
  active: false,
  createdAt: '2026-03-01T00:00:00.000Z',
  updatedAt: '2026-03-01T00:00:00.000Z',
};

test('a window that is saved as it was opened stays as it was, in each of its fields', () => {
  const { name, monitorId, startsAt, durationSeconds, rrule, timeZone } = window;
  expect(toBody(draftOf(window), window)).toEqual({
    name,
    monitorId,
    startsAt,
    durationSeconds,
    rrule,
    timeZone,
  });
});

test('what is typed becomes what the api takes', () => {
  const typed = {
    ...draftOf(window),
    name: ' Nights ',
    startsAt: '2026-04-01T23:00',
    minutes: '120',
    rrule: '',
  };
  expect(toBody(typed, window)).toMatchObject({
    name: 'Nights',
    startsAt: new Date(2026, 3, 1, 23).toISOString(),
    durationSeconds: 7200,
    rrule: null,
  });
});
