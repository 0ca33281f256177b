import Type from 'typebox';
import { Id, moment, oneOf, record } from '../../schemas/fields.ts';

/** A body with a name and two passwords is smaller, however it is encoded. */
export const CREDENTIALS_LIMIT = 4096;

const username = () =>
  Type.String({
    minLength: 3,
    maxLength: 64,
    pattern: '^[A-Za-z0-9._@+-]+$',
    description: 'Unique, ignoring case.',
    examples: ['ada'],
  });

/** Lengths are in characters. */
const newPassword = () =>
  Type.String({
    minLength: 8,
    maxLength: 128,
    format: 'password',
    description:
      'Any characters, unchanged. Common passwords, the username and a single repeated character are refused.',
    examples: ['correct horse battery'],
  });

const givenPassword = () =>
  Type.String({ maxLength: 128, format: 'password', examples: ['correct horse battery'] });

export const NewUser = record({ username: username(), password: newPassword() });

export const Login = record({
  username: Type.String({ maxLength: 64, format: 'line', examples: ['ada'] }),
  password: givenPassword(),
});

export const AccountPatch = record({
  currentPassword: givenPassword(),
  username: Type.Optional(username()),
  password: Type.Optional(newPassword()),
});

export const AccountRemoval = record({ currentPassword: givenPassword() });

const account = { id: Id, username: Type.String(), createdAt: moment() };

export const UserAnswer = record(account, { $id: 'User' });

export const OwnAccount = record(
  {
    ...account,
    monitorCount: Type.Integer(),
    monitorLimit: Type.Integer({ description: 'Maximum number of monitors.' }),
  },
  { $id: 'OwnAccount' },
);

export const SessionAnswer = record(
  {
    token: Type.String({ description: 'For `Authorization: Bearer`.' }),
    tokenType: oneOf(['Bearer']),
    expiresAt: moment(),
  },
  { $id: 'Session' },
);
