import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDeadLetterOptions } from '../../../lib/operate/dead-letters/dead-letter-options.ts';
import { renderDeadLetters } from '../../../lib/operate/dead-letters/render-dead-letters.ts';
import { runDeadLetters } from '../../../lib/operate/dead-letters/run-dead-letters.ts';
import { FakeQueues } from './fake-queues.ts';

const AWS = ['--aws', '--stage', 'prod', '--regions', 'us-east-1,eu-west-1'];
const ORDERS = 'holdfast-prod-orders';
const DEAD = `${ORDERS}-dlq`;

let us: FakeQueues;
let eu: FakeQueues;
let notes: string[];

beforeEach(() => {
  us = new FakeQueues('us-east-1', [ORDERS, DEAD, 'holdfast-prod-notices-dlq']);
  eu = new FakeQueues('eu-west-1', [ORDERS, DEAD]);
  notes = [];
});

const run = (...argv: string[]) =>
  runDeadLetters(parseDeadLetterOptions([...argv, ...AWS]), {
    open: (region) => (region === 'us-east-1' ? us : eu),
    clock: us.clock,
    note: (line) => notes.push(line),
  });

describe('the command line of dead letters', () => {
  it.each([
    [['burn', 'x'], 'must be list, show or redrive'],
    [['show'], 'needs the name of a queue'],
    [['show', 'a', 'b'], 'b is one word too many'],
    [['redrive', 'a', '--max', '0'], '--max must be at least 1'],
    [['list', '--aws'], 'belong together'],
    [['list', '--stage', 'prod', '--regions', 'us-east-1'], 'belong together'],
    [['list', '--regions', 'mars'], 'use the name of an AWS region'],
    [['list', '--control', 'nowhere'], '--control must be a URL'],
    [['list', '--control', 'http://127.0.0.1:1', ...AWS], 'leave one of them out'],
    [['list', '--force'], '--force'],
  ])('%j says what is wrong', (argv, message) => {
    expect(() => parseDeadLetterOptions(argv)).toThrow(message);
  });

  it('lists the embedded stack when it says nothing', () => {
    expect(parseDeadLetterOptions([])).toMatchObject({ command: 'list', control: 'http://127.0.0.1:4000' });
  });
});

describe('a list of dead-letter queues', () => {
  it('has the depth, the age and the source of each, and ends well unless it is a check', async () => {
    us.put(DEAD, { sentAtMs: us.clock.now() - 7_200_000 }, {});
    us.put('holdfast-prod-notices-dlq', ...Array.from({ length: 11 }, () => ({})));
    const result = await run('list');
    expect(result).toMatchObject({
      ok: true,
      queues: [
        { region: 'us-east-1', queue: DEAD, depth: 2, oldestSeconds: 7_200, source: ORDERS, sawAll: true },
        { queue: 'holdfast-prod-notices-dlq', depth: 11, sawAll: false },
        { region: 'eu-west-1', queue: DEAD, depth: 0 },
      ],
    });
    expect(us.visible(DEAD)).toHaveLength(2);
    expect(renderDeadLetters(result).split('\n')).toEqual([
      'region     queue                      depth  oldest              source',
      'us-east-1  holdfast-prod-orders-dlq   2      2 hours             holdfast-prod-orders',
      'us-east-1  holdfast-prod-notices-dlq  11     at least 0 seconds  (none)',
      'eu-west-1  holdfast-prod-orders-dlq   0      -                   holdfast-prod-orders',
    ]);
    await expect(run('list', '--check')).resolves.toMatchObject({ ok: false });
    await expect(run('list', '--check', '--region', 'eu-west-1')).resolves.toMatchObject({ ok: true });
    expect([us.closed, eu.closed]).toEqual([true, true]);
  });

  it('says which regions there are', async () => {
    await expect(run('list', '--region', 'ap-south-1')).rejects.toThrow('there are: us-east-1, eu-west-1');
  });
});

describe('showing dead letters', () => {
  it('shows each once with its reason, and leaves all of them there', async () => {
    const attributes = { reason: { type: 'String', text: 'no such order' } };
    us.put(DEAD, { body: '{"a":1}', attributes, firstReceivedAtMs: 0 });
    us.put(DEAD, ...Array.from({ length: 24 }, () => ({ body: 'poison' })));
    eu.put(DEAD, { body: 'elsewhere' });
    const result = await run('show', 'orders-dlq', '--max', '100');
    if (result.did !== 'show') throw new Error('shows nothing');
    expect(result.messages).toHaveLength(26);
    expect(result.messages[0]).toMatchObject({ body: { a: 1 }, reason: 'no such order', receives: 1 });
    expect(result.messages[25]).toMatchObject({ body: 'elsewhere', region: 'eu-west-1' });
    expect(us.visible(DEAD)).toHaveLength(25);
    const text = renderDeadLetters(result);
    expect(text).toContain('reason: no such order');
    expect(text).toContain('"a": 1');
    expect(text).toContain('counts as a receive');
  });

  it('shows no more than asked for, and hides none behind them', async () => {
    us.put(DEAD, ...Array.from({ length: 15 }, () => ({})));
    await expect(run('show', DEAD, '--max', '3')).resolves.toMatchObject({ messages: { length: 3 } });
    expect(us.visible(DEAD)).toHaveLength(15);
  });

  it('says which queues there are', async () => {
    await expect(run('show', 'order-dlq')).rejects.toThrow(
      `There is no dead-letter queue order-dlq; there are: holdfast-prod-notices-dlq, ${DEAD}.`,
    );
  });
});

describe('a redrive', () => {
  it('moves all of them back, with their attributes', async () => {
    const attributes = { trace: { type: 'Binary', bytes: Buffer.from('x') } };
    us.put(DEAD, ...Array.from({ length: 23 }, () => ({ attributes })));
    eu.put(DEAD, {});
    await expect(run('redrive', 'orders-dlq')).resolves.toMatchObject({
      redriven: [
        { region: 'us-east-1', to: ORDERS, moved: 23, by: 'command', left: 0 },
        { region: 'eu-west-1', moved: 1 },
      ],
    });
    expect(us.bodies(ORDERS)).toHaveLength(23);
    expect((await us.receive({ name: ORDERS } as never, 0))[0]?.attributes).toEqual(attributes);
    expect(notes).toContain(`us-east-1 ${DEAD}: 23 of 23 moved`);
  });

  it('removes nothing before its copy was taken', async () => {
    us.put(DEAD, { id: 'a' }, { id: 'b' });
    us.failAt = 5;
    await expect(run('redrive', DEAD, '--region', 'us-east-1')).rejects.toThrow('send b failed');
    expect(us.calls.slice(2)).toEqual(['send a', 'remove a', 'send b']);
    expect(us.visible(DEAD)).toEqual(['b']);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'that breaks off at call %i loses nothing, and can be repeated',
    async (failAt) => {
      us.put(DEAD, { body: 'a' }, { body: 'b' });
      us.failAt = failAt;
      await expect(run('redrive', DEAD, '--region', 'us-east-1')).rejects.toThrow('failed');
      us.failAt = undefined;
      us.clock.advance(60_000);
      await run('redrive', DEAD, '--region', 'us-east-1');
      expect(us.bodies(DEAD)).toEqual([]);
      expect([...new Set(us.bodies(ORDERS))].sort()).toEqual(['a', 'b']);
    },
  );

  it('moves one message and shows the others again', async () => {
    us.put(DEAD, ...Array.from({ length: 12 }, () => ({})), { id: 'wanted', body: 'wanted' });
    us.moves = [];
    await run('redrive', DEAD, '--message', 'wanted');
    expect(us.bodies(ORDERS)).toEqual(['wanted']);
    expect(us.visible(DEAD)).toHaveLength(12);
    await expect(run('redrive', DEAD, '--message', 'unknown')).rejects.toThrow(
      'No message unknown was found',
    );
  });

  it('moves so many at most, over all regions, and hides none of the others', async () => {
    us.put(DEAD, {}, {});
    eu.put(DEAD, ...Array.from({ length: 5 }, () => ({})));
    await run('redrive', DEAD, '--max', '4');
    expect([us.bodies(ORDERS).length, eu.bodies(ORDERS).length]).toEqual([2, 2]);
    expect(eu.visible(DEAD)).toHaveLength(3);
  });

  it('does not go round with what is given up again meanwhile', async () => {
    us.put(DEAD, {}, {});
    const send = us.send.bind(us);
    us.send = async (queue, message) => {
      await send(queue, message);
      us.put(DEAD, { id: `again ${message.id}` });
    };
    await expect(run('redrive', DEAD, '--region', 'us-east-1')).resolves.toMatchObject({
      redriven: [{ moved: 2, left: 2 }],
    });
  });

  it('is the service’s work where it can', async () => {
    us.put(DEAD, {}, {});
    us.moves = [
      { isRunning: true, moved: 1, total: 2 },
      { isRunning: false, moved: 2, total: 2 },
    ];
    await expect(run('redrive', DEAD, '--region', 'us-east-1')).resolves.toMatchObject({
      redriven: [{ moved: 2, by: 'service' }],
    });
    expect(notes).toEqual([`us-east-1 ${DEAD}: 1 of 2 moved`, `us-east-1 ${DEAD}: 2 of 2 moved`]);
    us.moves = [{ isRunning: false, moved: 1, failure: 'AccessDenied' }];
    await expect(run('redrive', DEAD, '--region', 'us-east-1')).rejects.toThrow(
      'moved 1 messages of holdfast-prod-orders-dlq and stopped: AccessDenied. What is left is still there',
    );
  });

  it('needs a queue that the messages came from', async () => {
    await expect(run('redrive', 'notices-dlq')).rejects.toThrow('there is none to move them to');
  });
});

describe('the embedded stack', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function control(answers: Record<string, unknown>): Promise<string> {
    const opened = createServer((request, response) =>
      response.end(JSON.stringify(answers[request.url ?? ''] ?? {})),
    );
    server = opened;
    await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(opened.address() as AddressInfo).port}/`;
  }

  const list = (url: string) =>
    runDeadLetters(parseDeadLetterOptions(['list', '--control', url]), {
      open: (region, endpoint) => {
        notes.push(`${region} ${endpoint}`);
        return us;
      },
      clock: us.clock,
      note: () => undefined,
    });

  it('says itself where its queues are', async () => {
    const url = await control({
      '/state': { sqs: { endpoint: 'http://127.0.0.1:5' }, regions: [{ region: 'us-east-1' }] },
      '/queues': [
        { name: DEAD, region: 'us-east-1', deadLetter: true },
        { name: ORDERS, region: 'us-east-1', deadLetter: false },
        { name: 'other-dlq', region: 'eu-west-1', deadLetter: true },
      ],
    });
    await expect(list(url)).resolves.toMatchObject({ queues: [{ queue: DEAD }] });
    expect(notes).toEqual(['us-east-1 http://127.0.0.1:5']);
  });

  it('must be there', async () => {
    const url = await control({});
    await expect(list(url)).rejects.toThrow('is not the control server of an embedded stack');
    await new Promise((resolve) => server?.close(resolve));
    await expect(list(url)).rejects.toThrow('Nothing answers at');
  });
});
