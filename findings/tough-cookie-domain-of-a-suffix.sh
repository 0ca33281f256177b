#!/bin/sh
# tough-cookie 6.1.0: a cookie whose Domain is the very host that sets it is refused when that host is a public suffix, such as a host
# without a dot in an intranet. RFC 6265, 5.3, step 5 (and 6265bis): then the attribute is ignored and the cookie is kept for that host
# alone, which is what browsers do. Without the attribute the cookie is kept.
# Seen: as printed below. Exits 1 when that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts tough-cookie@6.1.0 >/dev/null
cat >look.mjs <<'JS'
import { CookieJar } from 'tough-cookie';
for (const [url, cookie] of [
  ['http://intranet/', 'a=1'],
  ['http://intranet/', 'a=1; Domain=intranet'],
  ['https://github.io/', 'a=1; Domain=github.io'],
  ['http://localhost/', 'a=1; Domain=localhost'],
]) {
  const jar = new CookieJar();
  jar.setCookieSync(cookie, url, { ignoreError: true });
  console.log(`${url} ${cookie}: ${jar.getCookieStringSync(url) || 'refused'}`);
}
JS
node look.mjs | tee seen
cat >expected <<'TXT'
http://intranet/ a=1: a=1
http://intranet/ a=1; Domain=intranet: refused
https://github.io/ a=1; Domain=github.io: refused
http://localhost/ a=1; Domain=localhost: a=1
TXT
diff expected seen
