import Type from 'typebox';
import { settingsOf } from './fields.ts';
import { defineKind } from './kind.ts';

const ADDRESS =
  "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})*$";

export const email = defineKind({
  settings: settingsOf({
    to: Type.Array(Type.String({ maxLength: 254, pattern: ADDRESS }), {
      minItems: 1,
      maxItems: 10,
      uniqueItems: true,
      description:
        'the addresses. Each unconfirmed address is mailed a code, up to three times a day; setting them again sends new codes.',
    }),
  }),
  secrets: [],
  addresses: [],
  hasRecipients: true,
  example: { to: ['ada@hook.invalid'] },
});
