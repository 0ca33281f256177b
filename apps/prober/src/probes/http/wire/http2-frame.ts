export const FRAME_HEADER_BYTES = 9;
const SETTING_BYTES = 6;
const [SETTINGS, GOAWAY] = [4, 7];

/**
 * Whether `bytes` begin like an HTTP/2 server's first frame (RFC 9113, 4.1): SETTINGS or GOAWAY, on
 * no stream. Without SETTINGS of ours a frame has 16 KiB at most (4.2), so its first byte is 0: that
 * byte alone tells a reader whether to wait for the rest.
 */
export function isHttp2Frame(bytes: Uint8Array): boolean {
  if (bytes.length < FRAME_HEADER_BYTES || bytes[0] !== 0) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [length, type] = [(view.getUint16(0) << 8) | view.getUint8(2), view.getUint8(3)];
  const isOfNoStream = (view.getUint32(5) & 0x7fffffff) === 0;
  return (
    isOfNoStream &&
    ((type === SETTINGS && length % SETTING_BYTES === 0) || (type === GOAWAY && length >= 8))
  );
}
