/** Extra fields and names are rare and short. */
const MAX_BYTES = 128 * 1024;
const MAGIC = [0x1f, 0x8b, 0x08];
const [HAS_CHECKSUM, HAS_EXTRA, HAS_NAME, HAS_COMMENT] = [2, 4, 8, 16];

/**
 * The length of the gzip header (RFC 1952, 2.3) in `bytes`; null while more bytes are needed.
 * Throws when it is not one.
 */
export function readGzipHeader(bytes: Buffer): number | null {
  if (MAGIC.some((byte, place) => place < bytes.length && bytes[place] !== byte))
    throw new Error('no gzip');
  if (bytes.length < 10) return null;
  const length = lengthOf(bytes, bytes.readUInt8(3));
  if (length !== null && length <= bytes.length) return length;
  if (bytes.length > MAX_BYTES) throw new Error('no end of the header of gzip');
  return null;
}

function lengthOf(bytes: Buffer, flags: number): number | null {
  let length = 10;
  if (flags & HAS_EXTRA) {
    if (bytes.length < length + 2) return null;
    length += 2 + bytes.readUInt16LE(length);
  }
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if (!(flags & flag)) continue;
    const end = bytes.indexOf(0, length);
    if (end === -1) return null;
    length = end + 1;
  }
  return flags & HAS_CHECKSUM ? length + 2 : length;
}
