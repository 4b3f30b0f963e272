/** What the tests of events, queues and webhooks share. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createClient } from '../../lib/adapters/dynamodb/client.ts';
import { EVENTS, type EventName } from '../../lib/contracts/events/catalogue.ts';
import { detailOf } from '../../lib/contracts/events/event-contract.ts';
import { LOCAL_CREDENTIALS } from '../../lib/local/credentials.ts';
import type { Caller, TestStack } from './stack.ts';

export interface BusEvent {
  readonly sequence: number;
  readonly detailType: string;
  // biome-ignore lint/suspicious/noExplicitAny: every type has a shape of its own; the tests say what they expect.
  readonly detail: any;
}

/** Pages that are read at most: far more events than any test makes. */
const PAGES_MAX = 1_000;

/** All events of a type that were ever put on the bus, in the order of their arrival. */
export async function busEvents(control: Caller, detailType?: string): Promise<BusEvent[]> {
  const events: BusEvent[] = [];
  let after = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const type = detailType === undefined ? '' : `&detailType=${detailType}`;
    const { body } = await control.expect(200, `GET /events?${after}${type}`);
    events.push(...body.items);
    if (body.items.length === 0) return events;
    after = `after=${body.next}`;
  }
  throw new Error(`More than ${PAGES_MAX} pages of events`);
}

/** @throws an Error unless the detail is what the contract of its type promises. */
export function checkContract({ detailType, detail }: BusEvent): void {
  const contract = EVENTS[detailType as EventName];
  if (contract === undefined) throw new Error(`No contract of ${detailType}`);
  detailOf(contract.data).parse(detail);
}

/** Events that came more than once must be equal. @returns each once, in the order of arrival. */
export function distinctEvents(events: readonly BusEvent[]): BusEvent[] {
  const known = new Map<string, BusEvent>();
  for (const event of events) {
    const before = known.get(event.detail.id);
    if (before === undefined) known.set(event.detail.id, event);
    else if (JSON.stringify(before.detail) !== JSON.stringify(event.detail)) {
      throw new Error(`Two events are called ${event.detail.id}`);
    }
  }
  return [...known.values()];
}

/** Does something with each, so many at once. */
export async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<unknown>,
): Promise<void> {
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) await work(item, index);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Longer than anything that is waited for, on a busy machine. */
const QUIET_MS = 90_000;

export const quiesce = ({ control }: TestStack) =>
  control.expect(200, 'POST /quiesce', { timeoutMs: QUIET_MS });

export const advance = ({ control }: TestStack, advanceMs: number) =>
  control.expect(200, 'POST /clock', { advanceMs });

export const pauseSources = ({ control }: TestStack, name: string, paused: boolean) =>
  control.expect(200, 'POST /event-sources', { function: name, paused });

export interface Ran {
  readonly code: number;
  readonly output: string;
  // biome-ignore lint/suspicious/noExplicitAny: each tool prints JSON of its own; the tests say what they expect.
  readonly json: any;
}

/** Runs a tool of `bin` and reads what it prints as JSON. */
export async function runTool(name: string, ...flags: string[]): Promise<Ran> {
  const bin = fileURLToPath(new URL(`../../bin/${name}.ts`, import.meta.url));
  const ran = await promisify(execFile)(process.execPath, [bin, ...flags, '--json']).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code: Number(code), stdout: String(stdout), stderr: String(stderr) }),
  );
  const last = ran.stdout.trim().split('\n').at(-1) ?? '';
  return {
    code: ran.code,
    output: `${ran.stdout}${ran.stderr}`,
    json: last.startsWith('{') ? JSON.parse(last) : undefined,
  };
}

/** Asks again until it holds. @throws an Error when the time is over. */
export async function until(what: string, withinMs: number, holds: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`Not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The databases of a region as nobody but a bug writes to them. */
export async function openDatabase(test: TestStack, index = 0) {
  const { body } = await test.control.expect(200, 'GET /state');
  const { region, endpoint, tables } = body.databases[index];
  const client: DynamoDBDocumentClient = createClient({
    region,
    endpoint,
    credentials: LOCAL_CREDENTIALS,
    timeoutMs: 20_000,
  });
  return { client, tables: tables as { records: string; readModel: string } };
}

/** Everything of an answer about stock that is to be the same whoever is asked. */
export function figuresOf(stock: Record<string, unknown>): Record<string, unknown> {
  const { asOf: _, consistency: _c, ...figures } = stock;
  return figures;
}

/** Puts a record of the stream where those lie that were given up. */
export async function park({ control }: TestStack, record: object): Promise<void> {
  const { body: queues } = await control.expect(200, 'GET /queues');
  const [{ url, region }] = queues.filter(({ name }: { name: string }) => name.endsWith('-changes-dlq'));
  const sqs = new SQSClient({ region, endpoint: new URL(url).origin, credentials: LOCAL_CREDENTIALS });
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(record) }));
  sqs.destroy();
}
