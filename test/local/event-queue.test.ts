import type { Message } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Resource } from '../../lib/local/template/cloudformation.ts';
import { type EmulatedQueues, startQueues } from './fixtures/emulated-queues.ts';
import { type Services, startServices } from './fixtures/services.ts';

const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const DeadLetterConfig = { Arn: arnOf('dead') };
const RESOURCES: Record<string, Resource> = {
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: 'shop',
      EventPattern: { detail: { to: ['work'] } },
      Targets: [{ Arn: arnOf('work'), Id: 'work', DeadLetterConfig }],
    },
  },
  Nowhere: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: 'shop',
      EventPattern: { detail: { to: ['nowhere'] } },
      Targets: [{ Arn: arnOf('nowhere'), Id: 'nowhere', DeadLetterConfig }],
    },
  },
};

let queues: EmulatedQueues;
let services: Services;
beforeAll(async () => {
  queues = await startQueues({}, ['us-east-1']);
  services = await startServices(RESOURCES, { queues: queues.all });
});
afterAll(async () => {
  await services?.stop();
  await queues?.stop();
});

const put = (to: string) => services.put({ Detail: JSON.stringify({ to }) });
const received = (name: string) =>
  vi.waitFor(
    async () => {
      const [message] = await queues.receive(name);
      expect(message).toBeDefined();
      return message as Message;
    },
    { timeout: 10_000, interval: 50 },
  );

describe('an event for a queue that is emulated', () => {
  it('is its message', async () => {
    await put('work');
    expect(JSON.parse((await received('work')).Body ?? '')).toMatchObject({
      source: 'shop',
      detail: { to: 'work' },
    });
  });

  it('waits while the queue is out of reach', async () => {
    queues.queues.reachable = false;
    const { Entries } = await put('work');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(services.services[0]?.deliveriesWaiting).toBe(1);
    queues.queues.reachable = true;
    const ids = async () => (await queues.receive('work')).map(({ Body }) => JSON.parse(Body ?? '{}').id);
    await vi.waitFor(async () => expect(await ids()).toContain(Entries?.[0]?.EventId), { timeout: 10_000 });
    expect(services.services[0]?.deliveriesWaiting).toBe(0);
  });

  it('goes to the dead-letter queue at once when there is no such queue', async () => {
    await put('nowhere');
    const { Body, MessageAttributes = {} } = await received('dead');
    expect(JSON.parse(Body ?? '')).toMatchObject({ detail: { to: 'nowhere' } });
    const values = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]);
    expect(Object.fromEntries(values)).toEqual({
      RULE_ARN: 'arn:aws:events:us-east-1:000000000000:rule/shop/Shop-Nowhere',
      TARGET_ARN: arnOf('nowhere'),
      ERROR_CODE: 'NO_RESOURCE',
      ERROR_MESSAGE: expect.any(String),
      RETRY_ATTEMPTS: '0',
    });
  });
});
