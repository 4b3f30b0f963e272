/** The tool for dead letters over the SDK: on an emulator of SQS, and on a server that answers what only AWS does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDeadLetterQueues } from '../../lib/adapters/sqs/dead-letters.ts';
import { systemClock } from '../../lib/adapters/system/clock.ts';
import { parseDeadLetterOptions } from '../../lib/operate/dead-letters/dead-letter-options.ts';
import { runDeadLetters } from '../../lib/operate/dead-letters/run-dead-letters.ts';
import { CREDENTIALS } from '../support/credentials.ts';

const REGION = 'us-east-1';

let sqs: FauxqsServer;
let endpoint: string;
let control: Server;
let queues = 0;

beforeAll(async () => {
  sqs = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  endpoint = `http://127.0.0.1:${sqs.port}`;
  control = createServer((request, response) => {
    const names = Array.from({ length: queues }, (_, index) => `q${index + 1}-dlq`);
    const all = names.map((name) => ({ name, region: REGION, deadLetter: true }));
    response.end(
      JSON.stringify(request.url === '/queues' ? all : { sqs: { endpoint }, regions: [{ region: REGION }] }),
    );
  });
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  control.close();
  await sqs.stop();
});

const controlUrl = () => `http://127.0.0.1:${(control.address() as AddressInfo).port}`;

/** A queue, and one for its dead letters with so many messages in it. */
function makeQueues(messages: number) {
  queues += 1;
  const [name, dead] = [`q${queues}`, `q${queues}-dlq`];
  const { queueArn: deadLetterTargetArn } = sqs.createQueue(dead, { region: REGION });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 5 });
  sqs.createQueue(name, { region: REGION, attributes: { RedrivePolicy } });
  for (let index = 0; index < messages; index += 1) {
    const messageAttributes = {
      reason: { DataType: 'String', StringValue: `reason ${index}` },
      attempt: { DataType: 'Number', StringValue: String(index) },
    };
    sqs.sendMessage(dead, JSON.stringify({ index }), { region: REGION, messageAttributes });
  }
  return { name, dead };
}

/** Everything in a queue, also what is hidden. */
function contents(name: string) {
  const { ready, delayed, inflight } = sqs.inspectQueue(name)?.messages ?? {};
  const hidden = (inflight ?? []).map(({ message }) => message);
  return [...(ready ?? []), ...(delayed ?? []), ...hidden];
}
const visible = (name: string) => sqs.inspectQueue(name)?.messages.ready ?? [];

const run = (...argv: string[]) =>
  runDeadLetters(parseDeadLetterOptions([...argv, '--control', controlUrl()]), {
    open: (region, at) =>
      createDeadLetterQueues({
        region,
        credentials: CREDENTIALS,
        ...(at !== undefined && { endpoint: at }),
      }),
    clock: systemClock,
    note: () => undefined,
  });

describe('on an emulator of SQS', () => {
  it('lists what is there', async () => {
    const { name, dead } = makeQueues(3);
    const result = await run('list', '--check');
    expect(result).toMatchObject({ ok: false });
    expect(result.did === 'list' && result.queues.find(({ queue }) => queue === dead)).toMatchObject({
      depth: 3,
      source: name,
      oldestSeconds: expect.any(Number),
      sawAll: true,
    });
    expect(visible(dead)).toHaveLength(3);
  });

  it('shows all and leaves all', async () => {
    const { dead } = makeQueues(25);
    const result = await run('show', dead, '--max', '100');
    const messages = result.did === 'show' ? result.messages : [];
    const bodies = messages.map(({ body }) => (body as { index: number }).index);
    expect(bodies.sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, index) => index));
    expect(messages.every(({ reason }) => reason?.startsWith('reason '))).toBe(true);
    expect(Date.parse(messages[0]?.sentAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(visible(dead)).toHaveLength(25);
  });

  it('redrives all, with their attributes', async () => {
    const { name, dead } = makeQueues(25);
    await expect(run('redrive', dead)).resolves.toMatchObject({
      redriven: [{ to: name, moved: 25, by: 'command', left: 0 }],
    });
    expect(contents(dead)).toEqual([]);
    const moved = contents(name);
    expect(moved.map(({ body }) => body).sort()).toEqual(
      Array.from({ length: 25 }, (_, index) => JSON.stringify({ index })).sort(),
    );
    for (const { body, messageAttributes } of moved) {
      const { index } = JSON.parse(body) as { index: number };
      expect(messageAttributes).toMatchObject({
        reason: { DataType: 'String', StringValue: `reason ${index}` },
        attempt: { DataType: 'Number', StringValue: String(index) },
      });
    }
  });

  it('redrives one message', async () => {
    const { name, dead } = makeQueues(12);
    const wanted = visible(dead)[11];
    await run('redrive', dead, '--message', wanted?.messageId ?? '');
    expect(contents(name).map(({ body }) => body)).toEqual([wanted?.body]);
    expect(visible(dead)).toHaveLength(11);
  });

  it('says in one line that a queue is not there', async () => {
    await expect(run('show', 'none-dlq')).rejects.toThrow(
      /There is no dead-letter queue none-dlq; there are: q1-dlq/,
    );
  });
});

describe('the command', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  it('loses nothing when it is killed in the middle', async () => {
    const { name, dead } = makeQueues(400);
    const args = ['bin/dlq.ts', 'redrive', dead, '--control', controlUrl()];
    const started = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    child = started;
    const ended = new Promise((resolve) => started.once('exit', (_code, signal) => resolve(signal)));
    await new Promise((resolve) => started.stderr.once('data', resolve));
    started.kill('SIGKILL');
    await expect(ended).resolves.toBe('SIGKILL');
    const [moved, left] = [contents(name), contents(dead)];
    expect(moved.length).toBeGreaterThan(0);
    expect(left.length).toBeGreaterThan(0);
    const bodies = new Set([...moved, ...left].map(({ body }) => body));
    expect(bodies.size).toBe(400);
    // What was sent and not yet removed may be there twice: one message, as only one is moved at a time.
    expect(moved.length + left.length).toBeLessThanOrEqual(401);
  });
});

describe('where the service moves messages itself', () => {
  let aws: Server;
  const asked: [string, Record<string, unknown>][] = [];
  const ARN = 'arn:aws:sqs:us-east-1:1:';
  let looks = 0;

  function answer(operation: string, { QueueName, QueueUrl }: { QueueName?: string; QueueUrl?: string }) {
    switch (operation) {
      case 'GetQueueUrl':
        return { QueueUrl: `https://sqs/1/${QueueName}` };
      case 'GetQueueAttributes': {
        const QueueArn = ARN + QueueUrl?.split('/').at(-1);
        return { Attributes: { QueueArn, ApproximateNumberOfMessages: '3' } };
      }
      case 'StartMessageMoveTask':
        return { TaskHandle: 'task' };
      default:
        looks += 1;
        return {
          Results: [
            {
              Status: looks < 2 ? 'RUNNING' : 'COMPLETED',
              ApproximateNumberOfMessagesMoved: looks < 2 ? 1 : 3,
              ApproximateNumberOfMessagesToMove: 3,
            },
          ],
        };
    }
  }

  beforeAll(async () => {
    aws = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      request.on('end', () => {
        const operation = String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
        const body = JSON.parse(text);
        asked.push([operation, body]);
        response.setHeader('content-type', 'application/x-amz-json-1.0');
        response.end(JSON.stringify(answer(operation, body)));
      });
    });
    await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => aws.close());

  it('starts the move, names where to, and tells how far it is', async () => {
    const notes: string[] = [];
    const argv = ['redrive', 'orders-dlq', '--aws', '--stage', 'prod', '--regions', REGION];
    const at = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
    const result = await runDeadLetters(parseDeadLetterOptions(argv), {
      open: (region) => createDeadLetterQueues({ region, endpoint: at, credentials: CREDENTIALS }),
      clock: { now: () => Date.now(), sleep: async () => undefined },
      note: (line) => notes.push(line),
    });
    expect(result).toMatchObject({ redriven: [{ moved: 3, by: 'service', to: 'holdfast-prod-orders' }] });
    expect(asked).toContainEqual([
      'StartMessageMoveTask',
      { SourceArn: `${ARN}holdfast-prod-orders-dlq`, DestinationArn: `${ARN}holdfast-prod-orders` },
    ]);
    expect(notes.map((note) => note.split(': ')[1])).toEqual(['1 of 3 moved', '3 of 3 moved']);
    expect(asked.map(([operation]) => operation)).not.toContain('ReceiveMessage');
  });

  it('says what to do when the service cannot be used', async () => {
    const port = createDeadLetterQueues({
      region: REGION,
      endpoint: 'http://127.0.0.1:1',
      credentials: CREDENTIALS,
    });
    await expect(port.find('orders')).rejects.toThrow(
      /queues of us-east-1 cannot be used:.*Check the credentials/,
    );
    port.close();
  });
});
