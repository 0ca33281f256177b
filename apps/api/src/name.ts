/** Letters, digits and signs that leave something on the screen: no blank, and no mark that needs a letter. */
const VISIBLE = /[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800]]/v;
/** Controls, line and paragraph separators, and what changes how the rest is read without being seen. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}[[\p{Cf}&&\p{Default_Ignorable_Code_Point}]--[\u200c-\u200d\u{e0020}-\u{e007f}]]]/v;
/** The joiners belong between the signs of an emoji and in scripts that write with them. */
const STRAY_JOINER =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f[[\p{L}\p{M}]--[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}]]])[\u200c-\u200d]/v;
/** Tags spell the region of a flag. */
const STRAY_TAG = /(?<!\u{1f3f4}[\u{e0020}-\u{e007e}]*)[\u{e0020}-\u{e007f}]/v;

/** Whether a text can stand for a thing: one line that shows something, and nothing that is not seen. */
export function isName(text: string): boolean {
  return text.isWellFormed() && VISIBLE.test(text) && ![HIDDEN, STRAY_JOINER, STRAY_TAG].some((fault) => fault.test(text));
}
