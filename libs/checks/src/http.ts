import Type from 'typebox';
import { requestHeaders } from './fields.ts';
import type { CheckKind } from './kind.ts';
import { destinationOfUrl, normalizeTargetUrl } from './target-url.ts';

const REDIRECTED =
  'A redirect to another origin does not get credentials, which are the fields whose names have auth, bearer, cert, cookie, credential, ' +
  'hmac, jwt, key, otp, pass, pwd, secret, session, sign or token in them, or end in sid, pin or pw. It gets all others.';

const HttpSettings = Type.Object({
  url: Type.String({ maxLength: 2048, format: 'target-url', examples: ['https://example.com/'] }),
  method: Type.Unsafe<'GET' | 'HEAD'>({ type: 'string', enum: ['GET', 'HEAD'], default: 'GET' }),
  headers: requestHeaders(`Sent with the probe. ${REDIRECTED}`),
  expectedStatus: Type.Unsafe<readonly string[]>({
    type: 'array',
    items: { type: 'string', format: 'status-expectation' },
    minItems: 1,
    maxItems: 20,
    default: ['200'],
    description: 'Codes or ranges such as "200-299"; any other final status is a failure.',
  }),
  bodyContains: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    minLength: 1,
    maxLength: 1000,
    format: 'text',
    default: null,
    description: 'Text that the body must hold; not with HEAD.',
  }),
  maxBodyBytes: Type.Integer({
    minimum: 1024,
    maximum: 10_485_760,
    default: 1_048_576,
    description:
      'How many bytes of a body are searched for `bodyContains`, and how many of what a compressed one decodes to. ' +
      'When the text is not among them and there are more, the check fails with the cause `body_limit`.',
  }),
  followRedirects: Type.Boolean({
    default: true,
    description: 'Ten at most. Cookies that they set are kept within the check.',
  }),
});

/** One request and its redirects. */
export const http: CheckKind<typeof HttpSettings> = {
  kind: 'http',
  targetLabel: 'URL',
  settings: HttpSettings,
  secrets: ['headers'],
  normalize: (settings) => ({ ...settings, url: normalizeTargetUrl(settings.url) }),
  target: ({ url }) => url,
  // Where redirects lead is not counted.
  host: ({ url }) => URL.parse(url)?.hostname ?? url,
  destination: ({ url }) => destinationOfUrl(url),
  faults: ({ method, bodyContains }) =>
    method === 'HEAD' && bodyContains !== null
      ? [{ field: 'bodyContains', message: 'cannot be found with HEAD, which brings no body' }]
      : [],
};
