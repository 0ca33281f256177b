import { expect, test } from '@jest/globals';
import { readAudit } from './advisories.ts';

test('names the packages that the registry knows something against', () => {
  const vulnerabilities = { some: { name: 'some', severity: 'high', via: [], range: '*' } };
  expect(readAudit(JSON.stringify({ auditReportVersion: 2, vulnerabilities }))).toEqual([
    { name: 'some', severity: 'high' },
  ]);
  expect(readAudit(JSON.stringify({ auditReportVersion: 2, vulnerabilities: {} }))).toEqual([]);
});

test.each([
  '',
  'npm error',
  '{"message":"405 Method Not Allowed","statusCode":405}',
  '{"error":{"summary":""}}',
])('takes %j for no answer', (output) => expect(readAudit(output)).toBeNull());
