import fp from 'fastify-plugin';
import { Problem } from '../problem.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bodies are JSON in UTF-8 and nothing else. A route that declares no body ignores an empty one. */
export const jsonBody = fp(async (app) => {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0 && !request.routeOptions.schema?.body) return done(null);
    const text = decode(body);
    if (text === null) return done(new Problem('malformed_request', 'The body is not UTF-8.'));
    void parse(request, text, (error, value) => {
      if (error) done(new Problem('malformed_request', 'The body is not valid JSON.'));
      else done(null, value);
    });
  });
});

function decode(body: Buffer): string | null {
  try {
    return utf8.decode(body);
  } catch {
    return null;
  }
}
