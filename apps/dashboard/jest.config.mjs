import { fileURLToPath } from 'node:url';
import preset from '../../jest.preset.mjs';

const jsx = fileURLToPath(new URL('../../tools/jest-jsx.cjs', import.meta.url));

export default {
  ...preset,
  displayName: 'dashboard',
  globals: { location: { origin: 'http://dashboard.test' } }, // All that the modules need of a browser to be loaded.
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { ...preset.transform, '\\.tsx$': jsx },
};
