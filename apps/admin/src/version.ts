import { readFileSync } from 'node:fs';
import { beside } from './beside.ts';

export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(beside('package.json', 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
