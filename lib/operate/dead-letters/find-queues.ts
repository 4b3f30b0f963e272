/** Where the dead-letter queues are: those of an embedded stack, as it says, or of a deployment, as it was configured. */
import * as z from 'zod';
import { UsageError } from '../../command-line/usage-error.ts';
import { deadLetterQueueName, QUEUES, type QueueName } from '../../config/queues.ts';
import type { DeadLetterOptions } from './dead-letter-options.ts';
import type { Queue, QueuePort } from './queue-port.ts';

/** The embedded stack is on this machine: an answer that takes longer is none. */
const CONTROL_TIMEOUT_MS = 5_000;

const SUFFIX = '-dlq';

/** A dead-letter queue, and how to reach it. */
export interface DeadLetterQueue {
  readonly queue: Queue;
  readonly port: QueuePort;
}

/** Opens the queues of a region; with an endpoint, those of an emulator. */
export type OpenQueues = (region: string, endpoint?: string) => QueuePort;

/** What is to be asked for: names, by region. */
interface Place {
  readonly region: string;
  readonly endpoint?: string;
  readonly names: readonly string[];
}

const state = z.object({
  sqs: z.object({ endpoint: z.url() }),
  regions: z.array(z.object({ region: z.string() })),
});
const queues = z.array(z.object({ name: z.string(), region: z.string(), deadLetter: z.boolean() }));

async function ask<Answer>(url: string, schema: z.ZodType<Answer>): Promise<Answer> {
  const remedy = 'Start the embedded stack with npm start, name its address with --control, or use --aws.';
  let body: unknown;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(CONTROL_TIMEOUT_MS) });
    body = await answer.json();
  } catch (cause) {
    throw new UsageError(`Nothing answers at ${url}. ${remedy}`, { cause });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new UsageError(`What answers at ${url} is not the control server of an embedded stack. ${remedy}`);
}

async function embeddedPlaces(control: string): Promise<Place[]> {
  const { sqs, regions } = await ask(`${control}/state`, state);
  const all = await ask(`${control}/queues`, queues);
  return regions.map(({ region }) => ({
    region,
    endpoint: sqs.endpoint,
    names: all.filter((queue) => queue.deadLetter && queue.region === region).map(({ name }) => name),
  }));
}

function deployedPlaces(stage: string, regions: readonly string[]): Place[] {
  const names = (Object.keys(QUEUES) as QueueName[]).map((name) => deadLetterQueueName(stage, name));
  return regions.map((region) => ({ region, names }));
}

/** Finds the dead-letter queues that the options mean. Their ports are the caller's to close. */
export async function findDeadLetterQueues(
  options: DeadLetterOptions,
  open: OpenQueues,
): Promise<readonly DeadLetterQueue[]> {
  const { control, aws, stage = '', regions = [], region } = options;
  const places = aws ? deployedPlaces(stage, regions) : await embeddedPlaces(control);
  const chosen = places.filter((place) => region === undefined || place.region === region);
  if (chosen.length === 0) {
    const known = places.map((place) => place.region).join(', ');
    throw new UsageError(`There is no region ${region}; there are: ${known}.`);
  }
  const found = await Promise.all(
    chosen.map(async ({ region: at, endpoint, names }) => {
      const port = open(at, endpoint);
      const there = await Promise.all(names.map((name) => port.find(name)));
      return there.flatMap((queue) => (queue === undefined ? [] : [{ queue, port }]));
    }),
  );
  return found.flat();
}

/**
 * Picks queues by name, or by the end of their names: one in each region that has it.
 *
 * @throws UsageError that tells the names there are.
 */
export function queuesNamed(all: readonly DeadLetterQueue[], name: string): readonly DeadLetterQueue[] {
  const exact = all.filter(({ queue }) => queue.name === name);
  const picked = exact.length > 0 ? exact : all.filter(({ queue }) => queue.name.endsWith(`-${name}`));
  if (picked.length > 0) return picked;
  const names = [...new Set(all.map(({ queue }) => queue.name))].sort().join(', ');
  throw new UsageError(
    `There is no dead-letter queue ${name}; ${names === '' ? 'there is none at all' : `there are: ${names}`}.`,
  );
}

/** The queue whose messages end here: it has the same name without `-dlq` (`lib/config/queues.ts`). */
export async function sourceOf({ queue, port }: DeadLetterQueue): Promise<Queue | undefined> {
  return queue.name.endsWith(SUFFIX) ? port.find(queue.name.slice(0, -SUFFIX.length)) : undefined;
}
