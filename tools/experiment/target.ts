// The target of the experiment: answers on port 8080 as answer.ts says.
import { createServer } from 'node:http';
import { answerTo } from './answer.ts';

const server = createServer((request, response) => {
  const { status, delayMs } = answerTo(request.url ?? '/', Date.now());
  if (delayMs === null) return;
  const answer = () => response.writeHead(status).end();
  if (delayMs === 0) answer();
  else setTimeout(answer, delayMs);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
server.listen(8080, () => console.log('The target listens'));
