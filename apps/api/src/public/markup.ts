/** Text that is already markup: HTML, SVG or XML. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | null | Markup | readonly Part[];

/** Markup from a template. Inserted values are escaped unless they are markup; null becomes empty. */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return {
    markup: texts.map((text, i) => (i === 0 ? text : write(parts[i - 1] ?? null) + text)).join(''),
  };
}

function write(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  if ('markup' in part) return part.markup;
  return part.map(write).join('');
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// eslint-disable-next-line no-control-regex
const UNFIT_FOR_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/** For text and quoted attribute values. Removes what XML cannot represent. */
function escape(text: string): string {
  return text.replaceAll(UNFIT_FOR_XML, '').replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '');
}
