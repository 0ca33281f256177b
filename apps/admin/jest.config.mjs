import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'admin',
  globalSetup: '../../tools/test-support/jest-setup.mjs',
  globalTeardown: '../../tools/test-support/jest-teardown.mjs',
};
