#!/bin/sh
# Node 24.21.0: by which code a refused TLS handshake is told depends on whether something waits to be written. The same alert of the same server
# is ERR_SSL_… for a bare tls.connect, and EPROTO ("write EPROTO", OpenSSL's reason in the message only) for a request of node:http over that socket.
# Code that tells causes apart by `error.code` sees none of them for requests.
# Seen: as printed below. Exits 1 when that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund node@24.21.0 >/dev/null
cat >look.mjs <<'JS'
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer } from 'node:tls';
const server = createServer({}).listen(0, '127.0.0.1'); // Without a certificate it refuses each handshake with an alert.
server.on('tlsClientError', () => undefined);
await once(server, 'listening');
const dial = () => connect({ host: '127.0.0.1', port: server.address().port });
const [bare] = await once(dial(), 'error');
const asked = request({ createConnection: dial });
asked.end();
const [pending] = await once(asked, 'error');
const alert = (error) => /SSL alert number \d+/.exec(error.message)?.[0];
console.log(bare.code, alert(bare));
console.log(pending.code, alert(pending));
server.close();
JS
node_modules/.bin/node look.mjs | tee seen
cat >expected <<'TXT'
ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE SSL alert number 40
EPROTO SSL alert number 40
TXT
diff expected seen
