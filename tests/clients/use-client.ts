// Uses the types that `openapi-typescript` makes, by the client of this repository: prints what it was answered, as JSON.
import { createClient } from '@gomon/client';

const [baseUrl = '', username = ''] = process.argv.slice(2);
const credentials = { username, password: 'a long passphrase of typescript' };
let token: string | null = null;
const gomon = createClient({ baseUrl, token: () => token });
await gomon.POST('/v1/users', { body: credentials });
token = (await gomon.POST('/v1/sessions', { body: credentials })).data?.token ?? null;
const wanted = { name: 'shop', url: 'https://example.com/', threshold: 2 };
const { data: monitor } = await gomon.POST('/v1/monitors', { body: wanted });
const { data: list } = await gomon.GET('/v1/monitors');
const { error } = await gomon.POST('/v1/monitors', {
  body: { ...wanted, name: 'never', threshold: 9 },
});
const seen = {
  name: monitor?.name,
  timeoutMs: monitor?.timeoutMs,
  monitors: list?.items.length,
  refused: error?.status,
};
console.log(JSON.stringify(seen));
