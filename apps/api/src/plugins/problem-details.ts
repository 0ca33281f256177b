import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { DomainError } from '@gomon/domain';
import { databaseFault } from '@gomon/persistence';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { invalid, notFound, Problem, PROBLEMS, type ProblemCode } from '../problem.ts';
import { toFault } from './validation.ts';

const MEDIA_TYPE = 'application/problem+json';
const UNAVAILABLE_SECONDS = 2;
/**
 * How long a connection may take to receive its last answer: a client that keeps sending must not
 * hold it.
 */
const PARTING_MS = 2000;

declare module 'fastify' {
  interface FastifyInstance {
    /** Set by the dashboard: its page for unknown paths. Null for requests that are not a browser's. */
    readonly missingPage: {
      show: (request: FastifyRequest, reply: FastifyReply) => FastifyReply | null;
    };
  }
}

/**
 * The only place that turns an error into an answer: RFC 9457, without anything the caller may not
 * know.
 */
export const problemDetails = fp(async (app) => {
  app.setErrorHandler((error: FastifyError, request, reply) => sendProblem(error, request, reply));
  const missingPage: FastifyInstance['missingPage'] = { show: () => null };
  app.decorate('missingPage', missingPage);
  app.setNotFoundHandler(
    (request, reply) => missingPage.show(request, reply) ?? sendProblem(notFound(), request, reply),
  );
});

export function sendProblem(
  error: Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = toProblem(error, request.id);
  const { status } = PROBLEMS[problem.code];
  if (status >= 500 && !(error instanceof Problem))
    request.log.error({ reqId: request.id, err: error }, 'request failed');
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  const retryAfterSeconds = status === 503 ? UNAVAILABLE_SECONDS : problem.retryAfterSeconds;
  if (retryAfterSeconds !== null) reply.header('retry-after', String(retryAfterSeconds));
  return reply.code(status).type(MEDIA_TYPE).send(describe(problem));
}

/**
 * For invalid HTTP, or requests too slow or too large: there is no request to answer, only a
 * socket.
 */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const code = SOCKET_ERRORS[error.code ?? ''] ?? 'malformed_request';
  const { status, title } = PROBLEMS[code];
  const body = JSON.stringify(describe(new Problem(code, `${title}.`)));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    `content-type: ${MEDIA_TYPE}`,
    `content-length: ${body.length}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  // Closing at once would discard the answer when the client has sent more than was read.
  const parting = setTimeout(() => socket.destroy(), PARTING_MS);
  socket.once('close', () => clearTimeout(parting));
}

const SOCKET_ERRORS: Record<string, ProblemCode> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
};

function describe({ code, message, faults }: Problem) {
  const { status, title } = PROBLEMS[code];
  return {
    type: `urn:gomon:${code}`,
    title,
    status,
    detail: message,
    code,
    ...(status === 400 && { errors: faults }),
  };
}

function toProblem(error: Error, requestId: string): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DomainError)
    return new Problem(error.code, error.message, [], error.retryAfterSeconds);
  const { validation, validationContext, statusCode } = error as Partial<FastifyError>;
  if (validationContext === 'params') return notFound();
  if (validation) return invalid(validation.flatMap(toFault));
  return (
    databaseProblem(error) ??
    frameworkProblem(statusCode) ??
    new Problem('internal_error', `This is a fault of GoMon. Request ${requestId}.`)
  );
}

function databaseProblem(error: Error): Problem | null {
  switch (databaseFault(error)) {
    case 'unavailable':
      return new Problem('unavailable', 'The database does not answer. Try again.');
    case 'refused_value':
      return invalid([{ pointer: '', message: 'contains a value that cannot be stored' }]);
    case null:
      return null;
  }
}

/**
 * Errors of Fastify and its plugins; 414 is a path parameter longer than any id, 503 an answer that
 * took too long.
 */
function frameworkProblem(status = 500): Problem | null {
  if (status === 503) return new Problem('unavailable', 'It took too long. Try again.');
  if (status >= 500) return null;
  if ([403, 404, 414].includes(status)) return notFound();
  const code =
    status === 413
      ? 'body_too_large'
      : status === 415
        ? 'unsupported_media_type'
        : 'malformed_request';
  return new Problem(code, `${PROBLEMS[code].title}.`);
}
