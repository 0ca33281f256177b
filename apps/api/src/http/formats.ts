import { isStatusExpectation } from '@gomon/domain';
import { isHeaderName, isHeaderValue } from '../resources/monitors/header-fields.ts';
import { isMoment } from './moment.ts';
import { isName } from './name.ts';
import { isTargetUrl } from '../resources/monitors/target-url.ts';
import { isUuid } from './uuid.ts';

export interface TextFormat {
  /** Completes "must be …". */
  readonly describes: string;
  readonly holds: (text: string) => boolean;
  /** For those who know no format of ours: lets pass whatever `holds` does, and little else. Any engine reads it. */
  readonly pattern?: string;
}

const CONTROLS = '\\x00-\\x1f\\x7f-\\x9f';
const HIDDEN = `${CONTROLS}\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff`;
const BLANKS = ' \\xa0\\u2000-\\u200d\\u202f\\u205f\\u3000';

export const FORMATS: Readonly<Record<string, TextFormat>> = {
  uuid: { describes: 'a UUID', holds: isUuid },
  'date-time': { describes: 'a moment in RFC 3339, from 1970 to 9999 in UTC', holds: isMoment },
  text: {
    describes: 'text without NUL or halves of characters',
    holds: (text) => text.isWellFormed() && !text.includes('\0'),
    pattern: '^[^\\x00]*$',
  },
  line: {
    describes: 'one line of text without control characters',
    holds: (text) => text.isWellFormed() && !/\p{Cc}/u.test(text),
    pattern: `^[^${CONTROLS}]*$`,
  },
  name: {
    describes: 'one line of text with something that can be seen and no hidden characters',
    holds: isName,
    pattern: `^[^${HIDDEN}]*[^${HIDDEN}${BLANKS}][^${HIDDEN}]*$`,
  },
  password: { describes: 'text without halves of characters', holds: (text) => text.isWellFormed() },
  'target-url': {
    describes: 'an absolute http or https URL without credentials',
    holds: isTargetUrl,
    pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\x00-\\x20\\x7f]+$',
  },
  'status-expectation': {
    describes: 'a status code such as "200" or a range such as "200-299"',
    holds: isStatusExpectation,
    pattern: '^[1-5][0-9]{2}(-[1-5][0-9]{2})?$',
  },
  'header-name': {
    describes: 'the name of a header field that a monitor may set',
    holds: isHeaderName,
    pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
  },
  'header-value': {
    describes: 'visible ASCII or Latin-1 text',
    holds: isHeaderValue,
    pattern: '^([\\x21-\\x7e\\xa0-\\xff]([\\t\\x20-\\x7e\\xa0-\\xff]*[\\x21-\\x7e\\xa0-\\xff])?)?$',
  },
};
