import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'fuzz',
  globalSetup: '../../tools/test-support/jest-setup.mjs',
  globalTeardown: '../../tools/test-support/jest-teardown.mjs',
  testTimeout: 300_000,
};
