import { TargetFault } from '../../failure-reason.ts';

/** The fields of an answer as they arrived: Latin-1 text, unfolded, names in lower case. */
export interface AnswerFields {
  /** The first value of this name. */
  first(name: string): string | undefined;
  all(name: string): string[];
}

export interface AnswerHead {
  readonly statusCode: number;
  readonly fields: AnswerFields;
}

/** HTTP/2 and 3 have no status line; servers that write one mean HTTP/1.1, and curl reads it. */
const STATUS_LINE = /^HTTP\/(?:1\.[01]|[23](?:\.0)?)[ \t]+([1-9]\d\d)(?!\d)/i;

export const malformed = () => new TargetFault('protocol', 'malformed_answer');

/**
 * Parses `text`, an answer's head without the blank line at its end; throws when neither curl nor
 * browsers would accept it.
 */
export function parseAnswerHead(text: string): AnswerHead {
  const statusCode = parseStatusLine(text);
  if (text.includes('\0')) throw malformed();
  const names: string[] = [];
  const values: string[] = [];
  for (let from = endOfLine(text, 0) + 1; from < text.length;) {
    const end = endOfLine(text, from);
    if (isBlank(text.charCodeAt(from))) {
      const folded = trimmed(text, from, end);
      if (folded && values.length > 0) values.push(unfolded(values.pop() ?? '', folded));
    } else {
      const colon = text.indexOf(':', from);
      if (colon === -1 || colon > end) throw malformed();
      names.push(trimmed(text, from, colon).toLowerCase());
      values.push(trimmed(text, colon + 1, end));
    }
    from = end + 1;
  }
  return { statusCode, fields: fieldsOf(names, values) };
}

export function parseStatusLine(text: string): number {
  const match = STATUS_LINE.exec(text);
  if (!match) throw malformed();
  return Number(match[1]);
}

/** Does not trim again: that would copy the value once per folded line. */
function unfolded(value: string, line: string): string {
  return value === '' ? line : `${value} ${line}`;
}

function fieldsOf(names: readonly string[], values: readonly string[]): AnswerFields {
  return {
    first: (name) => values[names.indexOf(name)],
    all: (name) => values.filter((_, place) => names[place] === name),
  };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** Strips blanks, and every CR at the end of a line: some servers write several. */
function trimmed(text: string, from: number, to: number): string {
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (from < to && (isBlank(text.charCodeAt(to - 1)) || text[to - 1] === '\r')) to--;
  return text.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
