/** What two releases that run side by side must be able to do with what the other has written. */
import { OLDER_IN } from '../support/mixed-releases.ts';
import type { Answer, TestStack } from './stack.ts';

export const REGIONS = Object.keys(OLDER_IN);

/** Where the functions of both releases come from: an app under `test/support`, and what its result depends on. */
export const releasesOf = (folder: 'previous-release' | 'first-release') => ({
  app: `test/support/${folder}/app.ts`,
  sources: [
    'bin',
    'lib',
    'lambdas',
    'test/support/mixed-releases.ts',
    'test/support/previous-release',
    'test/support/first-release',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'cdk.json',
  ],
});

/** What was answered otherwise than expected. */
export type Faults = string[];

async function goThrough(test: TestStack, from: string, through: string): Promise<Faults> {
  const faults: Faults = [];
  const ask = async (region: string, methodAndPath: string, body?: unknown): Promise<Answer> => {
    const answer = await test.demoIn(region).call(methodAndPath, body);
    if (answer.status >= 300) faults.push(`${from} and ${region}, ${methodAndPath}: ${answer.status}`);
    return answer;
  };
  const hold = { lines: [{ sku: 'passed-on', quantity: 3 }], ttlSeconds: 600 };
  const held = await ask(from, 'POST /reservations', hold);
  const path = `/reservations/${held.body.reservationId}`;
  await ask(through, `GET ${path}`);
  await ask(through, `POST ${path}/extend`, { ttlSeconds: 900 });
  const one = { lines: [{ sku: 'passed-on', quantity: 1 }] };
  await ask(through, `POST ${path}/release`, one);
  await ask(from, `POST ${path}/confirm`, {});
  await ask(through, `POST ${path}/ship`, one);
  await ask(from, `POST ${path}/cancel`, {});
  const last = await ask(through, `GET ${path}`);
  if (last.body.status !== 'shipped') faults.push(`${path} of ${from} is ${last.body.status} in ${through}`);
  return faults;
}

/** A reservation from each region goes through each other one, with every change that there is. */
export async function passOn(test: TestStack): Promise<Faults> {
  for (const region of REGIONS) {
    await test.demo.expect(201, `PUT /locations/passed-${region}`, { name: region, region });
  }
  await test.demo.expect(201, 'PUT /products/passed-on', { name: 'passed on' });
  for (const region of REGIONS) {
    const receipt = { type: 'receipt', sku: 'passed-on', locationId: `passed-${region}`, quantity: 100 };
    await test.demo.expect(201, 'POST /movements', receipt);
  }
  await test.control.expect(200, 'POST /quiesce', { timeoutMs: 60_000 });
  const faults: Faults = [];
  for (const from of REGIONS) {
    for (const through of REGIONS) faults.push(...(await goThrough(test, from, through)));
  }
  return faults;
}
