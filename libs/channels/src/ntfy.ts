import Type from 'typebox';
import { settingsOf, url } from './fields.ts';
import { defineKind } from './kind.ts';

export const ntfy = defineKind({
  settings: settingsOf({
    url: url({ description: 'where to.' }),
    topic: Type.String({ pattern: '^[-\\w]{1,64}$' }),
    token: Type.Optional(
      Type.String({ pattern: '^[\\x21-\\x7e]{1,200}$', description: 'an access token.' }),
    ),
  }),
  secrets: ['token'],
  addresses: ['url'],
  hasRecipients: false,
  example: { url: 'https://hook.invalid/', topic: 'alerts' },
});
