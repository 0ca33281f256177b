import { dictionary } from '@zxcvbn-ts/language-common';
import { invalid } from './problem.ts';

/** Some 50,000 from leaks, in lower case; 18,000 of them are long enough to be given. */
const COMMON = new Set(dictionary['passwords-common']);

/** Throws `validation_failed` for a password that whoever guesses tries first. */
export function refuseCommonPassword(password: string): void {
  if (COMMON.has(password.toLowerCase())) {
    throw invalid([{ pointer: '/password', message: 'is one of the most common passwords' }]);
  }
}
