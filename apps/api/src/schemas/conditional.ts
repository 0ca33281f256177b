import Type from 'typebox';

export const IfMatchHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      description: '`ETag`s of the versions to change; `*` for any.',
      examples: ['"1"'],
    }),
  ),
});
