import { dictionary } from '@zxcvbn-ts/language-common';
import { invalid } from '../problem.ts';

/** About 50,000 leaked passwords in lower case; 18,000 of them are long enough to be accepted. */
const COMMON = new Set(dictionary['passwords-common']);

/** Throws `validation_failed` for passwords that attackers try first, in any case. */
export function refuseWeakPassword(password: string, username: string): void {
  const message = weaknessOf(password.toLowerCase(), username.toLowerCase());
  if (message !== null) throw invalid([{ pointer: '/password', message }]);
}

/** Throws `validation_failed` for a name that gives the password away. */
export function refuseUsernameInPassword(username: string, password: string): void {
  if (username.toLowerCase() === password.toLowerCase()) {
    throw invalid([{ pointer: '/username', message: 'must not be your password' }]);
  }
}

function weaknessOf(password: string, username: string): string | null {
  if (COMMON.has(password)) return 'is too common';
  if (password === username) return 'must not be the username';
  if (new Set(password).size === 1) return 'must not repeat one character';
  return null;
}
