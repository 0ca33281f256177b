import preset from '../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'tools',
  roots: ['<rootDir>/audit', '<rootDir>/experiment', '<rootDir>/local-stack', '<rootDir>/test'],
};
