import Type from 'typebox';

export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      format: 'line',
      description:
        'Makes the request safe to repeat: for 24 hours, the same request with the same key takes effect once and gets the same answer. The limit per user is ten thousand keys and 16 MiB of answers; beyond it, requests get 429 and do nothing.',
    }),
  ),
});
