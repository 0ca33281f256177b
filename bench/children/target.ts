// node target.ts PORT DELAY_MS [LOG_FILE]: answers whatever it is sent, by the end of its path, and closes the connection.
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';

const [port, delayMs, logFile] = process.argv.slice(2);
const waitMs = Number(delayMs);
const log = logFile ? createWriteStream(logFile) : null;

const answer = (status: string, body: string) =>
  `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
const OK = answer('200 OK', 'ok');
const FAILED = answer('500 Internal Server Error', '');

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  socket.once('data', (request) => {
    const path = request.toString('latin1', 0, 200).split(' ', 2)[1] ?? '/';
    log?.write(`${(Date.now() / 1000).toFixed(3)} ${path}\n`);
    const give = () => socket.end(path.endsWith('00') ? FAILED : OK);
    if (waitMs > 0) setTimeout(give, waitMs);
    else give();
  });
});
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
const end = () => {
  if (log) log.end(() => process.exit(0));
  else process.exit(0);
};
process.once('SIGTERM', end);
process.once('disconnect', end);
