import preset from '../jest.preset.mjs';

export default { ...preset, displayName: 'tools', roots: ['<rootDir>/experiment', '<rootDir>/local-stack', '<rootDir>/test'] };
