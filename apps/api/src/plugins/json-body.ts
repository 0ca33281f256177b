import fp from 'fastify-plugin';
import { Problem } from '../problem.ts';

/** More than any body here needs; a depth of a hundred thousand would overflow the stack. */
const MAX_LEVELS = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bodies must be JSON in UTF-8. A route without a body ignores an empty one. */
export const jsonBody = fp(async (app) => {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request, body: Buffer, done) => {
      if (body.length === 0 && !request.routeOptions.schema?.body) return done(null);
      const text = decode(body);
      if (text === null) return done(new Problem('malformed_request', 'The body is not UTF-8.'));
      if (levelsOf(text) > MAX_LEVELS)
        return done(
          new Problem(
            'malformed_request',
            `The body is nested more than ${MAX_LEVELS} levels deep.`,
          ),
        );
      void parse(request, text, (error, value) => {
        if (error) done(new Problem('malformed_request', 'The body is not valid JSON.'));
        else done(null, value);
      });
    },
  );
});

function decode(body: Buffer): string | null {
  try {
    return utf8.decode(body);
  } catch {
    return null;
  }
}

/** How deeply lists and objects are nested in JSON; for other text, some number. */
function levelsOf(text: string): number {
  let [level, deepest, isText] = [0, 0, false];
  for (let place = 0; place < text.length; place++) {
    const sign = text[place];
    if (isText && sign === '\\') place += 1;
    else if (sign === '"') isText = !isText;
    else if (!isText && (sign === '[' || sign === '{')) deepest = Math.max(deepest, (level += 1));
    else if (!isText && (sign === ']' || sign === '}')) level -= 1;
  }
  return deepest;
}
