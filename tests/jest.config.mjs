import preset from '../jest.preset.mjs';

const { reporters, maxWorkers, coverageProvider, workerIdleMemoryLimit, ...project } = preset;
const servers = {
  globalSetup: '../tools/test-support/jest-setup.mjs',
  globalTeardown: '../tools/test-support/jest-teardown.mjs',
};

export default {
  reporters,
  maxWorkers,
  coverageProvider,
  workerIdleMemoryLimit,
  testTimeout: 120_000,
  projects: [
    ...['repository', 'e2e', 'clients', 'schemathesis'].map((displayName) => ({
      ...project,
      ...servers,
      displayName,
      testMatch: [`**/${displayName}/*.test.ts`],
    })),
    {
      ...project,
      displayName: 'containers',
      testMatch: ['**/containers/*.test.ts', '**/e2e/pipeline.test.ts'],
    },
  ],
};
