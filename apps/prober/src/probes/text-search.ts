/** Feed it chunk by chunk; true once the text has been found. */
export type TextSearch = (chunk: Uint8Array) => boolean;

/**
 * Searches a stream for `wanted` in time linear in the stream (Knuth, Morris and Pratt 1977): a
 * target may send bytes for which `Buffer.includes` compares each byte with the whole text.
 */
export function createTextSearch(wanted: Uint8Array): TextSearch {
  if (wanted.length === 0) return (chunk) => chunk.length > 0;
  const borders = bordersOf(wanted);
  const first = wanted[0] ?? 0;
  let matched = 0;
  return (chunk) => {
    for (let at = 0; at < chunk.length; at++) {
      if (matched === 0) {
        at = chunk.indexOf(first, at);
        if (at === -1) return false;
      }
      const byte = chunk[at];
      while (matched > 0 && byte !== wanted[matched]) matched = borders[matched - 1] ?? 0;
      if (byte === wanted[matched]) matched++;
      if (matched === wanted.length) return true;
    }
    return false;
  };
}

/** For each prefix of the text, the length of the longest shorter prefix that it ends with. */
function bordersOf(text: Uint8Array): Uint32Array {
  const borders = new Uint32Array(text.length);
  for (let at = 1, border = 0; at < text.length; at++) {
    while (border > 0 && text[at] !== text[border]) border = borders[border - 1] ?? 0;
    if (text[at] === text[border]) border++;
    borders[at] = border;
  }
  return borders;
}
