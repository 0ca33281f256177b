export const FRAME_HEADER_BYTES = 9;
const SETTING_BYTES = 6;
const [SETTINGS, GOAWAY] = [4, 7];

/**
 * Whether `bytes` begin like an HTTP/2 server's first frame (RFC 9113, 4.1): SETTINGS or GOAWAY, on
 * no stream.
 */
export function isHttp2Frame(bytes: Uint8Array): boolean {
  if (bytes.length < FRAME_HEADER_BYTES) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [length, type] = [(view.getUint16(0) << 8) | view.getUint8(2), view.getUint8(3)];
  const isOfNoStream = (view.getUint32(5) & 0x7fffffff) === 0;
  return isOfNoStream && ((type === SETTINGS && length % SETTING_BYTES === 0) || (type === GOAWAY && length >= 8));
}
