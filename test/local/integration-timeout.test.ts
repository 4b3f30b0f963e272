import { afterEach, expect, it, vi } from 'vitest';
import { StackClock } from '../../lib/local/clock.ts';
import { ApiGateway } from '../../lib/local/gateway/api-gateway.ts';
import { LoopbackServer } from '../../lib/local/loopback-server.ts';
import type { ApiDefinition } from '../../lib/local/template/rest-api.ts';

afterEach(() => {
  vi.useRealTimers();
});

const api: ApiDefinition = {
  apiId: 'api',
  stageName: 'live',
  stageArn: 'arn:aws:execute-api:us-east-1:000000000000:api/live',
  binaryMediaTypes: [],
  routes: [
    {
      resource: '/slow',
      resourceId: 'slow',
      method: 'GET',
      target: {} as never,
      authorizer: undefined,
      needsKey: false,
    },
  ],
  gatewayResponses: new Map(),
  keys: new Map(),
};

it('gives up on a function after 29 s, and knows that the function has not', async () => {
  const asked = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<never>();
  const invoke = () => {
    asked.resolve();
    return finished.promise;
  };
  const gateway = new ApiGateway({ api, clock: new StackClock(), invoke });
  const server = new LoopbackServer({ port: 0, flag: '--port', listener: gateway.handle });
  await server.open();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

  let status = 0;
  const answer = fetch(`${server.url}/slow`).then((response) => {
    status = response.status;
    return response.json();
  });
  await asked.promise;
  vi.advanceTimersByTime(28_999);
  // Time for an answer to arrive, if there were one.
  for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(status).toBe(0);
  vi.advanceTimersByTime(1);
  expect(await answer).toEqual({ message: 'Endpoint request timed out' });
  expect(status).toBe(504);
  expect(gateway.inFlight).toBe(1);

  vi.useRealTimers();
  finished.resolve({ kind: 'result', value: {} } as never);
  await finished.promise;
  expect(gateway.inFlight).toBe(0);
  await server.close();
});
