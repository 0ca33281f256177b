export { startForRun as default } from './src/jest-run.ts';
