import Type from 'typebox';

export const IfMatchHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({ description: 'Versions, by their `ETag`, that may be changed; `*` for any.', examples: ['"1"'] }),
  ),
});
