/** Letters, digits and signs that leave something on the screen: no blank, and no mark that needs a letter. */
const VISIBLE = /[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800]]/v;
/** Controls, line and paragraph separators, and what changes how the rest is read without being seen. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}[\p{Default_Ignorable_Code_Point}--[\ufe00-\ufe0f\u200c-\u200d\u{e0020}-\u{e007f}]]]/v;
/** The joiners belong between the signs of an emoji and in scripts that write with them. */
const STRAY_JOINER =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f[[\p{L}\p{M}]--[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}]]])[\u200c-\u200d]/v;
/** Tags spell the region of a flag. */
const FLAG = /\u{1f3f4}[\u{e0020}-\u{e007e}]*\u{e007f}?/gu;
const TAG = /[\u{e0020}-\u{e007f}]/u;

/** No name may be as long: it is refused for its length as well, and is not looked through. */
const LONGEST = 1000;

/** Whether a text can stand for a thing: one line that shows something, and nothing that is not seen. */
export function isName(text: string): boolean {
  if (text.length > LONGEST || !text.isWellFormed() || !VISIBLE.test(text)) return false;
  return !HIDDEN.test(text) && !STRAY_JOINER.test(text) && !TAG.test(text.replace(FLAG, ''));
}
