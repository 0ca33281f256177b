import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

/** What is sent, what is answered, and the tests that see it: a file, and how the names of its tests begin. */
const ATTACKS: readonly [attack: string, answer: string, file: string, ...tests: string[]][] = [
  ['forged, expired or malformed tokens', '401', 'tokens', '%s is refused like any other', 'is missed in the field'],
  ['the token of an ended session or a removed user', '401', 'tokens', 'is refused when its session has ended'],
  ['the token of before a change of password', '401', 'account-changes', 'gives it another password, and ends all sessions'],
  ['the id of somebody else, in paths', '404', 'tenancy', 'with an id answers 404 to who does not own it'],
  ['the id of somebody else, in bodies', '400', 'tenancy', 'a monitor cannot be tied to the channel of somebody else'],
  ['lists and filters of somebody else', 'nothing', 'tenancy', 'that lists shows nothing of others'],
  ['properties that nobody may set', '400', 'monitor-changes', 'is refused when the settings no longer fit each other'],
  ['null, true, "5", ["5"] for a number', '400', 'monitor-registration', 'refuses as %s: %j'],
  ['2^63, 1e400, 1e21, -1, 1.5', '400', 'hostile-requests', 'may not say that the threshold is %s'],
  ['NUL and halves of characters', '400', 'monitor-registration', 'refuses as %s: %j'],
  ['moments out of range, from after to', '400', 'lists', 'refuses ?%s'],
  ['ids that are none, too long or badly encoded', '404 or 400', 'tenancy', 'with an id answers 404'],
  ['limits that are none or repeated, unknown query keys', '400', 'lists', 'refuses ?%s', 'refuses the key it does not know'],
  ['forged, foreign and cut cursors', '400', 'lists', 'refuses a cursor that it never gave'],
  ['a body too large', '413', 'hostile-requests', 'may be 256 KiB and no more'],
  [
    'deep, long, empty, marked, badly encoded JSON; prototypes; repeated names',
    '400, or the last value',
    'hostile-requests',
    'of 100,000 lists in one another',
    'with ten thousand faults',
    '%s is malformed',
    'that begins with a byte order mark',
    'says the last value of a name',
  ],
  ['another content type, a GET with a body', '415, ignored', 'hostile-requests', 'may not be %s', 'of a GET is ignored'],
  ['another method', '405 with Allow', 'surface', 'that a path does not have is refused'],
  ['large headers, two lengths, length and chunks, no host', '431, 400', 'hostile-requests', '%s is refused'],
  [
    'slow headers, slow bodies, idle connections',
    '408',
    'hostile-requests',
    'whose header fields or body never end',
    'that has nothing',
  ],
  ['an unexpected error', '500 without a word of it', 'service', 'what nobody foresaw is answered'],
  ['an answer that never comes', '503', 'surface', 'an answer that takes too long is given up'],
  ['unknown user or wrong password', 'the same 401', 'accounts', 'answers alike to a wrong password, an unknown name'],
  ['many passwords for an account, many accounts from an address', '429', 'login-throttle', 'have the next one wait after five'],
  ['a storm of logins', '503, others served', 'login-throttle', 'a storm of logins is refused'],
  ['passwords too short, too long, too common, of any characters', '400 or kept exactly', 'accounts', 'names every fault'],
  [
    'X-Forwarded-For that changes',
    '429',
    'rate-limits',
    'is not believed when no proxy',
    'is believed as far as there are proxies',
  ],
  ['a scan of paths and ids, with and without a token', '429', 'rate-limits', 'may make so many requests', 'is limited in %s'],
  ['URLs of other schemes, with credentials, blanks, port 0', '400', 'monitor-registration', 'refuses as %s: %j'],
  ['addresses in disguise, metadata, private names, ports of others', '400', 'forbidden-targets', 'is refused as a target'],
  ['markup, formulas, reversed text in a name', 'answered as JSON', 'hostile-requests', 'is kept and answered as it came'],
  ['more monitors than a user may have, at once', '403', 'monitor-registration', 'holds however many are registered at once'],
  [
    'a change of a version that is gone, two changes at once',
    '412',
    'monitor-changes',
    'is refused when the caller knows another',
  ],
  [
    'a repeated POST, at once or after a crash',
    'one effect',
    'idempotency',
    'does the work once',
    'makes nothing when its answer',
  ],
  ['a POST to an API that is killed meanwhile', 'one effect', 'killed', 'makes one monitor for each key'],
  ['control characters and secrets for the log', 'neither', 'service', 'a request leaves one line, without its address'],
  ['the metrics and what runs behind', '404', 'surface', 'neither the description nor its page says anything'],
  ['a page of another origin', 'no allowance', 'surface', 'may not when it is %j', 'may not when no origin is listed'],
];

describe('an attack is answered as it should be:', () => {
  test.each(ATTACKS)('%s: %s', (_attack, _answer, file, ...tests) => {
    const source = readFileSync(new URL(`${file}.test.ts`, import.meta.url), 'utf8');
    for (const name of tests) expect(source).toContain(`'${name}`);
    expect(tests).not.toEqual([]);
  });
});
