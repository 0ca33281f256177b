import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'api',
  globalSetup: '../../tools/test-support/jest-setup.mjs',
  globalTeardown: '../../tools/test-support/jest-teardown.mjs',
  testTimeout: 30_000, // Passwords are slow to hash on purpose, and slower on a busy machine.
};
