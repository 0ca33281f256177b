import type { Message } from './channels/channel.ts';

/**
 * The message unchanged when it fits, otherwise shortened as little as necessary: the URL first,
 * then the last checks, the other facts and the title. Facts keep their names. `fits` measures what
 * the service counts.
 */
export function fitMessage(message: Message, fits: (message: Message) => boolean): Message {
  const names = [...message.facts.map(({ name }) => name)].sort(
    (one, other) => rankOf(one) - rankOf(other),
  );
  let fitting = message;
  for (const place of [...names, null]) {
    if (fits(fitting)) return fitting;
    fitting = shorten(fitting, place, fits);
  }
  return fitting;
}

const CUT_FIRST = ['URL', 'Last checks'];

function rankOf(name: string): number {
  const rank = CUT_FIRST.indexOf(name);
  return rank < 0 ? CUT_FIRST.length : rank;
}

/** Cuts the value of this fact, or the title, to the longest that fits; to nothing when none does. */
function shorten(
  message: Message,
  name: string | null,
  fits: (message: Message) => boolean,
): Message {
  const text =
    name === null ? message.title : (message.facts.find((fact) => fact.name === name)?.value ?? '');
  const withText = (cut: string): Message =>
    name === null
      ? { ...message, title: cut }
      : {
          ...message,
          facts: message.facts.map((fact) => (fact.name === name ? { name, value: cut } : fact)),
        };
  let [fitting, tooLong] = [0, [...text].length];
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2);
    if (fits(withText(cutText(text, middle)))) fitting = middle;
    else tooLong = middle;
  }
  return withText(cutText(text, fitting));
}

/** At most this many characters, with an ellipsis when cut. Never cuts a character in two. */
export function cutText(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length
    ? text
    : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`;
}

/** In UTF-16 units, as services count characters: one beyond the basic plane counts as two. */
export function cutUnits(text: string, units: number): string {
  if (text.length <= units) return text;
  const cut = text.slice(0, units - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
