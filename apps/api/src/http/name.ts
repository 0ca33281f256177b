/** Letters, digits and symbols that are visible: no blank, and no mark that needs a letter. */
const VISIBLE = /[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800]]/v;
/** Controls, line and paragraph separators, and invisible characters that change how the rest reads. */
const HIDDEN =
  /[\p{Cc}\p{Zl}\p{Zp}[\p{Default_Ignorable_Code_Point}--[\ufe00-\ufe0f\u200c-\u200d\u{e0020}-\u{e007f}]]]/v;
/** Joiners belong between the parts of an emoji and in scripts that use them. */
const STRAY_JOINER =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f[[\p{L}\p{M}]--[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}]]])[\u200c-\u200d]/v;
/** Tags spell the region of a flag. */
const FLAG = /\u{1f3f4}[\u{e0020}-\u{e007e}]*\u{e007f}?/gu;
const TAG = /[\u{e0020}-\u{e007f}]/u;

/** Longer than any name: refused for its length anyway, without a scan. */
const LONGEST = 1000;

/** Whether a text can be a name: one line, visible, without hidden characters. */
export function isName(text: string): boolean {
  if (text.length > LONGEST || !text.isWellFormed() || !VISIBLE.test(text)) return false;
  return !HIDDEN.test(text) && !STRAY_JOINER.test(text) && !TAG.test(text.replace(FLAG, ''));
}
