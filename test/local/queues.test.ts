import { request } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import type { KeptQueues } from '../../lib/local/queues/kept-queues.ts';
import { type EmulatedQueues, startQueues } from './fixtures/emulated-queues.ts';

const REGIONS = ['eu-west-1', 'us-east-1'];

const started: EmulatedQueues[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((queues) => queues.stop()));
});
async function start(...args: Parameters<typeof startQueues>): Promise<EmulatedQueues> {
  const queues = await startQueues(...args);
  started.push(queues);
  return queues;
}
const bodies = (messages: readonly { readonly Body?: string | undefined }[]) =>
  messages.map(({ Body }) => Body);

it('queues of one name in several regions have their own messages, by the signature of a call', async () => {
  const sqs = await start({}, REGIONS);
  await sqs.send('here');
  await sqs.send('there', {}, 'us-east-1');
  expect(bodies(await sqs.receive('work'))).toEqual(['here']);
  expect(bodies(await sqs.receive('work', 'us-east-1'))).toEqual(['there']);
});

it('queues listen on the loopback interface only', async () => {
  const sqs = await start();
  expect(new URL(sqs.all.endpoint).hostname).toBe('127.0.0.1');
});

it('a region that is cut off is not reached, and neither is one that is none', async () => {
  const sqs = await start({}, REGIONS);
  sqs.queues.reachable = false;
  await expect(sqs.send('lost')).rejects.toThrow();
  await expect(sqs.send('lost', {}, 'mars-1')).rejects.toThrow();
  await sqs.send('there', {}, 'us-east-1');
  sqs.queues.reachable = true;
  expect(await sqs.receive('work')).toEqual([]);
  const unsigned = new Promise((resolve, reject) => {
    request(sqs.all.endpoint, resolve).on('error', reject).end();
  });
  await expect(unsigned).rejects.toThrow();
});

it('a message is sent by the ARN of its queue, with attributes', async () => {
  const sqs = await start({}, REGIONS);
  const arnOf = (region: string, name: string) => `arn:aws:sqs:${region}:000000000000:${name}`;
  await sqs.all.send(arnOf('us-east-1', 'dead'), 'body', { REASON: 'no' });
  const [message] = await sqs.receive('dead', 'us-east-1');
  expect(message).toMatchObject({
    Body: 'body',
    MessageAttributes: { REASON: { DataType: 'String', StringValue: 'no' } },
  });
  for (const arn of [arnOf('us-east-1', 'nothing'), arnOf('mars-1', 'dead')]) {
    await expect(sqs.all.send(arn, 'body')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  }
});

it('what lies in a queue is seen without a trace', async () => {
  const sqs = await start();
  await sqs.send('late', { DelaySeconds: 60 });
  await sqs.send('visible');
  await sqs.send('taken');
  expect(bodies(await sqs.receive('work'))).toEqual(['visible']);
  const work = sqs.queues.get('work');
  const look = () => [work.depth, work.contents] as const;
  const [depth, { ready, delayed, inflight }] = look();
  expect(depth).toEqual({ visible: 1, inFlight: 1, delayed: 1 });
  expect(ready).toMatchObject([{ body: 'taken', approximateReceiveCount: 0 }]);
  expect(delayed).toMatchObject([{ body: 'late' }]);
  expect(inflight).toMatchObject([{ message: { body: 'visible', approximateReceiveCount: 1 } }]);
  expect(look()).toEqual(look());
});

it('what an earlier run has left is there again as it was; what it has taken comes again in its time', async () => {
  const first = await start({ maxReceiveCount: 1 });
  await first.send('late', { DelaySeconds: 60 });
  await first.send('taken');
  const [taken] = await first.receive('work');
  await first.send('visible');
  const kept = JSON.parse(JSON.stringify(first.all.contents)) as KeptQueues;
  await first.stop();
  started.length = 0;

  const second = await start({ maxReceiveCount: 1 }, REGIONS, kept);
  const work = second.queues.get('work');
  expect(JSON.parse(JSON.stringify(second.all.contents['eu-west-1']))).toEqual(kept['eu-west-1']);
  expect(bodies(await second.receive('work'))).toEqual(['visible']);
  while (work.depth.visible === 0) await work.wait();
  // It has been received as often as its queue allows.
  expect(await second.receive('work')).toEqual([]);
  const [dead] = await second.receive('dead');
  expect(dead).toMatchObject({ MessageId: taken?.MessageId, Body: 'taken' });
});

it('a region that a run does not reach keeps what it had', async () => {
  const ready = [{ messageId: 'a', body: 'b' }];
  const kept = { 'ap-northeast-1': { work: { ready, delayed: [], inflight: [] } } } as unknown as KeptQueues;
  const sqs = await start({}, ['eu-west-1'], kept);
  expect(sqs.all.contents).toMatchObject({ ...kept, 'eu-west-1': { work: { ready: [] } } });
});
