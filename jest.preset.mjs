import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': here('tools/jest-strip-types.cjs') },
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['/dist/'],
  reporters: ['default', here('tools/jest-closing-line.cjs')],
  coverageProvider: 'v8',
  testTimeout: 120_000, // Only a test that hangs reaches it: a busy machine takes four times as long.
  maxWorkers: 2,
  workerIdleMemoryLimit: '512MB', // vm modules are never freed: 3 to 15 MB a test file
};
