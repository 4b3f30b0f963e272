/** `npm run asyncapi`: the AsyncAPI document of the events, as JSON. */
import { readFileSync } from 'node:fs';
import { createAsyncApi } from '../lib/contracts/asyncapi.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

console.log(JSON.stringify(createAsyncApi({ version }), null, 2));
