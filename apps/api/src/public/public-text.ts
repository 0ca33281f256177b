import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A public text, ready to be sent to a crowd. */
export interface PublicText {
  readonly type: string;
  readonly plain: Buffer;
  /** Null: always sent uncompressed. */
  readonly gzipped: Buffer | null;
  /** Of the text, in any encoding; without quotes. */
  readonly tag: string;
}

const GZIP_SUFFIX = '-gzip';

export function publicText(type: string, text: string): PublicText {
  const plain = Buffer.from(text);
  const tag = createHash('sha256').update(plain).digest('base64url').slice(0, 27);
  return { type, plain, gzipped: null, tag };
}

/** The text, compressed once for all clients that accept it. */
export async function compressed(text: PublicText): Promise<PublicText> {
  return { ...text, gzipped: await promisify(gzip)(text.plain) };
}

/** Sends the text, or 304 when the client already has it. */
export function sendPublicText(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, plain, gzipped, tag }: PublicText,
  cacheControl: string,
): FastifyReply {
  const body = takesGzip(request.headers['accept-encoding']) ? gzipped : null;
  const vary = [reply.getHeader('vary'), 'accept-encoding'].filter(Boolean).join(', ');
  const etag = `"${tag}${body ? GZIP_SUFFIX : ''}"`;
  reply.headers({ etag, vary, 'cache-control': cacheControl });
  if (knows(request.headers['if-none-match'], tag)) return reply.code(304).send();
  if (body) reply.header('content-encoding', 'gzip');
  return reply.type(type).send(body ?? plain);
}

function knows(ifNoneMatch: string | undefined, tag: string): boolean {
  const known = ifNoneMatch?.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known?.some((each) => each === `"${tag}"` || each === `"${tag}${GZIP_SUFFIX}"`) ?? false;
}

function takesGzip(acceptEncoding: string | string[] | undefined): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(acceptEncoding ?? ''));
}
