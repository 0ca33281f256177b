/**
 * The REST API of GoMon as a typed fetch. It throws only what fetch throws: an answer that is a problem comes back as `error`,
 * of the type `Problem`. It keeps no token and repeats no request.
 */
export { createClient, type Client, type ClientOptions } from './create-client.ts';
export { readEvents, type LiveEvent } from './read-events.ts';
export type { components, paths } from './openapi.ts';
export type { Schema } from './create-client.ts';
