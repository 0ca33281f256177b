import { markup } from './markup.ts';

export interface Badge {
  readonly label: string;
  readonly value: string;
  readonly color: BadgeColor;
}

/** White text on these has a contrast of at least 4.5 : 1. */
export const BADGE_COLORS = {
  green: '#1a7f37',
  amber: '#9a6700',
  red: '#cf222e',
  blue: '#0969da',
  grey: '#57606a',
} as const;
export type BadgeColor = keyof typeof BADGE_COLORS;

/** About the width of a letter; `textLength` makes it exact. */
const LETTER = 6.5;

/** An image of a label and a value side by side. */
export function badgeSvg({ label, value, color }: Badge): string {
  const [left, right] = [label, value].map((text) => Math.round(text.length * LETTER) + 12) as [
    number,
    number,
  ];
  const text = (words: string, middle: number, width: number) =>
    markup`<text x="${middle}" y="14" textLength="${width - 12}" lengthAdjust="spacingAndGlyphs">${words}</text>`;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-labelledby="title"><title id="title">${label}: ${value}</title><rect width="${left + right}" height="20" rx="3" fill="#444d56"/><rect x="${left}" width="${right}" height="20" rx="3" fill="${BADGE_COLORS[color]}"/><rect x="${left}" width="4" height="20" fill="${BADGE_COLORS[color]}"/><g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" aria-hidden="true">${text(label, left / 2, left)}${text(value, left + right / 2, right)}</g></svg>
`.markup;
}
