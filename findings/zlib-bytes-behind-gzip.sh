#!/bin/sh
# node:zlib (Node 20.20 and 24.21): bytes behind a complete gzip stream make createGunzip fail with Z_DATA_ERROR "incorrect header check",
# unless they are zeros, and what was decoded in the same write is lost with it. createInflateRaw and createBrotliDecompress leave such
# bytes where they are. gzip(1) warns of "trailing garbage ignored" and gives the content. A server that puts a line end behind its
# compressed page, which browsers show, so has no content at all for a reader by createGunzip.
# Seen: as printed below. Exits 1 when that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >look.mjs <<'JS'
import { pipeline, Readable } from 'node:stream';
import * as zlib from 'node:zlib';
for (const [name, compress, decoder] of [
  ['gzip', zlib.gzipSync, zlib.createGunzip],
  ['raw deflate', zlib.deflateRawSync, zlib.createInflateRaw],
  ['brotli', zlib.brotliCompressSync, zlib.createBrotliDecompress],
]) {
  for (const tail of ['', '\0\0', '\r\n']) {
    const bytes = Buffer.concat([compress('hello'), Buffer.from(tail)]);
    let read = '';
    try {
      for await (const chunk of pipeline(Readable.from([bytes]), decoder(), () => {})) read += chunk;
    } catch (error) {
      read += `${error.code}`;
    }
    console.log(`${name} and ${JSON.stringify(tail)}: ${read}`);
  }
}
JS
node look.mjs | tee seen
cat >expected <<'TXT'
gzip and "": hello
gzip and "\u0000\u0000": hello
gzip and "\r\n": Z_DATA_ERROR
raw deflate and "": hello
raw deflate and "\u0000\u0000": hello
raw deflate and "\r\n": hello
brotli and "": hello
brotli and "\u0000\u0000": hello
brotli and "\r\n": hello
TXT
diff expected seen
