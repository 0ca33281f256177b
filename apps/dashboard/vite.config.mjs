import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Beside each text file one that is compressed already: the api sends that. */
const compressed = {
  name: 'compressed',
  apply: 'build',
  writeBundle: ({ dir }) => {
    for (const name of readdirSync(dir, { recursive: true })) {
      if (!/\.(js|css|svg|html)$/.test(name)) continue;
      const content = readFileSync(join(dir, name));
      writeFileSync(join(dir, `${name}.gz`), gzipSync(content, { level: 9 }));
      writeFileSync(join(dir, `${name}.br`), brotliCompressSync(content));
    }
  },
};

const api = process.env.GOMON_API_URL ?? 'http://127.0.0.1:8010';
const served = ['/v1', '/status/', '/badges', '/docs', '/openapi.json'];

export default defineConfig({
  plugins: [react(), compressed],
  resolve: {
    // The policy of the page allows no style element; see the file.
    alias: { 'react-style-singleton': here('src/parts/style-singleton.ts') },
  },
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { port: 5173, proxy: Object.fromEntries(served.map((path) => [path, { target: api }])) },
});
