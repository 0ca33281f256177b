import { isHost, isTargetUrl, isWebSocketUrl } from '@gomon/checks';
import { isStatusExpectation } from '@gomon/domain';
import { isHeaderName, isHeaderValue } from '../resources/monitors/header-fields.ts';
import { isMoment } from './moment.ts';
import { isName } from './name.ts';
import { isUuid } from './uuid.ts';

export interface TextFormat {
  /** Completes "must be …". */
  readonly describes: string;
  readonly holds: (text: string) => boolean;
  /**
   * For clients that do not know our formats: accepts whatever `holds` does, and little else, in
   * any regex engine.
   */
  readonly pattern?: string;
}

const CONTROLS = '\\x00-\\x1f\\x7f-\\x9f';
const HIDDEN = `${CONTROLS}\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff`;
const BLANKS = ' \\xa0\\u2000-\\u200d\\u202f\\u205f\\u3000';

export const FORMATS: Readonly<Record<string, TextFormat>> = {
  uuid: { describes: 'a UUID', holds: isUuid },
  'date-time': { describes: 'an RFC 3339 time between 1970 and 9999 in UTC', holds: isMoment },
  text: {
    describes: 'well-formed Unicode text without NUL',
    holds: (text) => text.isWellFormed() && !text.includes('\0'),
    pattern: '^[^\\x00]*$',
  },
  line: {
    describes: 'one line of text without control characters',
    holds: (text) => text.isWellFormed() && !/\p{Cc}/u.test(text),
    pattern: `^[^${CONTROLS}]*$`,
  },
  name: {
    describes: 'one line of visible text without hidden characters',
    holds: isName,
    pattern: `^[^${HIDDEN}]*[^${HIDDEN}${BLANKS}][^${HIDDEN}]*$`,
  },
  password: { describes: 'well-formed Unicode text', holds: (text) => text.isWellFormed() },
  'target-url': {
    describes: 'an absolute http or https URL without credentials',
    holds: isTargetUrl,
    pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\x00-\\x20\\x7f]+$',
  },
  'websocket-url': {
    describes: 'an absolute ws or wss URL without credentials',
    holds: isWebSocketUrl,
    pattern: '^[Ww][Ss][Ss]?://[^\\x00-\\x20\\x7f]+$',
  },
  host: {
    describes: 'a name or an IP address',
    holds: isHost,
    pattern: '^[^\\x00-\\x20/?#@%\\\\\\x7f]+$',
  },
  'status-expectation': {
    describes: 'a status code such as "200" or a range such as "200-299"',
    holds: isStatusExpectation,
    pattern: '^[1-5][0-9]{2}(-[1-5][0-9]{2})?$',
  },
  'header-name': {
    describes: 'the name of a header field that monitors may set',
    holds: isHeaderName,
    pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
  },
  'header-value': {
    describes: 'visible ASCII or Latin-1 text',
    holds: isHeaderValue,
    pattern: '^([\\x21-\\x7e\\xa0-\\xff]([\\t\\x20-\\x7e\\xa0-\\xff]*[\\x21-\\x7e\\xa0-\\xff])?)?$',
  },
};
