/** A hint beside a field of escaped text. */
export const ESCAPES = 'Write \\r\\n for the end of a line.';

const CODES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\r': '\\r',
  '\n': '\\n',
  '\t': '\\t',
};
const TEXTS = Object.fromEntries(Object.entries(CODES).map(([text, code]) => [code, text]));

/** The text in one line, as fields show it. */
export function escapeText(text: string): string {
  return text.replace(/[\\\r\n\t]/g, (character) => CODES[character] ?? character);
}

export function unescapeText(text: string): string {
  return text.replace(/\\[\\rnt]/g, (code) => TEXTS[code] ?? code);
}
