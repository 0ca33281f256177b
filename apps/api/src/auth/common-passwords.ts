import { dictionary } from '@zxcvbn-ts/language-common';
import { invalid } from '../problem.ts';

/** Some 50,000 from leaks, in lower case; 18,000 of them are long enough to be given. */
const COMMON = new Set(dictionary['passwords-common']);

/** Throws `validation_failed` for a password that whoever guesses tries first. Case makes no difference. */
export function refuseWeakPassword(password: string, username: string): void {
  const message = weaknessOf(password.toLowerCase(), username.toLowerCase());
  if (message !== null) throw invalid([{ pointer: '/password', message }]);
}

/** Throws `validation_failed` for a name that would give the password away. */
export function refuseUsernameInPassword(username: string, password: string): void {
  if (username.toLowerCase() === password.toLowerCase()) {
    throw invalid([{ pointer: '/username', message: 'must not be your password' }]);
  }
}

function weaknessOf(password: string, username: string): string | null {
  if (COMMON.has(password)) return 'is one of the most common passwords';
  if (password === username) return 'must not be the username';
  if (new Set(password).size === 1) return 'must not be one character again and again';
  return null;
}
