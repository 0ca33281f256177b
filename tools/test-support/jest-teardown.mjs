export { stopAfterRun as default } from './src/jest-run.ts';
