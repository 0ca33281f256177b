import { expect, test } from '@jest/globals';
import { run } from './run.ts';

test("the client's types are those of the API's own description", async () => {
  expect(await run(['--no-warnings', 'tools/client-types/main.ts', '--check'])).toEqual({
    code: 0,
    output: '',
  });
});
