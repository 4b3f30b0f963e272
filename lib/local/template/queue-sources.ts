import { compileFilters } from '../event-sources/filter-pattern.ts';
import { TemplateError } from './cloudformation.ts';
import type { FunctionDefinition, FunctionDirectory } from './functions.ts';
import type { Resolver } from './intrinsics.ts';
import { COMMON_PROPERTIES, type Mapping, type MappingProperties, readMappings } from './mappings.ts';
import type { QueueDefinition } from './queues.ts';

/** Lambda's default for queues. */
const DEFAULT_BATCH_SIZE = 10;
/** Lambda's own bounds. */
const MAX_BATCH_SIZE = 10_000;
const MAX_BATCH_SIZE_WITHOUT_WINDOW = 10;
const MAX_WINDOW_SECONDS = 300;
const MIN_CONCURRENCY = 2;
const MAX_CONCURRENCY = 1_000;

/** Tells whether a message shall be delivered, from `{ body }`: text, or what its JSON says. */
export type MessageFilter = (message: { readonly body: unknown }) => boolean;

/** A function that gets a queue's messages. */
export interface QueueSourceDefinition {
  readonly function: FunctionDefinition;
  readonly queueName: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  /** Any of these must match; empty: every message does. */
  readonly filters: readonly MessageFilter[];
  readonly reportsFailures: boolean;
  /** Invocations side by side; `undefined`: as many as the function takes. */
  readonly maxConcurrency: number | undefined;
}

interface Properties extends MappingProperties {
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
}

const PROPERTIES: ReadonlySet<string> = new Set<keyof Properties>([...COMMON_PROPERTIES, 'ScalingConfig']);

/** Everything that a mapping may refer to. */
export interface QueueSourceContext {
  readonly functions: FunctionDirectory;
  /** Those of the region. */
  readonly queues: readonly QueueDefinition[];
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function bounded(value: number, path: string, { min, max }: Bounds): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new TemplateError(path, `${value} is not a whole number from ${min} to ${max}.`);
}

function readSizes({ BatchSize, MaximumBatchingWindowInSeconds }: Properties, path: string) {
  const size = { min: 1, max: MAX_BATCH_SIZE };
  const batchSize = bounded(BatchSize ?? DEFAULT_BATCH_SIZE, `${path}.BatchSize`, size);
  const windowPath = `${path}.MaximumBatchingWindowInSeconds`;
  const window = { min: 0, max: MAX_WINDOW_SECONDS };
  const windowSeconds = bounded(MaximumBatchingWindowInSeconds ?? 0, windowPath, window);
  if (batchSize > MAX_BATCH_SIZE_WITHOUT_WINDOW && windowSeconds === 0) {
    throw new TemplateError(windowPath, `a batch of ${batchSize} needs a window of a second at least.`);
  }
  return { batchSize, batchingWindowMs: windowSeconds * 1_000 };
}

function bodyPattern(text: string | undefined, path: string): unknown {
  try {
    const { body, ...rest } = JSON.parse(text ?? '') as Record<string, unknown>;
    if (body !== undefined && Object.keys(rest).length === 0) return body;
  } catch {
    throw new TemplateError(path, 'the pattern is not JSON.');
  }
  throw new TemplateError(path, 'a filter for messages looks at their body.');
}

/** As Lambda does it, a pattern of an object passes over text, and a list of texts passes over JSON. */
function compileBodyFilters({ FilterCriteria }: Properties, path: string): MessageFilter[] {
  const filters = FilterCriteria?.Filters ?? [];
  const isForText = filters.map(({ Pattern }, index) =>
    Array.isArray(bodyPattern(Pattern, `${path}.Filters.${index}.Pattern`)),
  );
  return compileFilters(filters, path).map((matches, index) => (message) => {
    const isText = typeof message.body === 'string';
    return isText === isForText[index] && matches(message);
  });
}

/** Lambda refuses a queue that shows a message again while a function may still be working on it. */
function checkVisibility(queue: QueueDefinition, target: FunctionDefinition, path: string): void {
  if (queue.visibilityTimeoutSeconds >= target.timeoutSeconds) return;
  throw new TemplateError(
    path,
    `the visibility timeout of ${queue.name}, ${queue.visibilityTimeoutSeconds} s, is less than the timeout of ` +
      `${target.name}, ${target.timeoutSeconds} s.`,
  );
}

function readSource(
  { path, properties }: Mapping<Properties>,
  { functions, queues }: QueueSourceContext,
): QueueSourceDefinition {
  const { EventSourceArn = '', FunctionName = '', FunctionResponseTypes = [], ScalingConfig } = properties;
  const queue = queues.find(({ arn }) => arn === EventSourceArn);
  if (queue === undefined) {
    throw new TemplateError(`${path}.EventSourceArn`, `${EventSourceArn} is not a queue of this region.`);
  }
  const target = functions.byName(FunctionName, `${path}.FunctionName`);
  checkVisibility(queue, target, `${path}.EventSourceArn`);
  const concurrency = ScalingConfig?.MaximumConcurrency;
  const concurrencyPath = `${path}.ScalingConfig.MaximumConcurrency`;
  const bounds = { min: MIN_CONCURRENCY, max: MAX_CONCURRENCY };
  return {
    function: target,
    queueName: queue.name,
    queueArn: queue.arn,
    ...readSizes(properties, path),
    filters: compileBodyFilters(properties, `${path}.FilterCriteria`),
    reportsFailures: FunctionResponseTypes.length > 0,
    maxConcurrency: concurrency === undefined ? undefined : bounded(concurrency, concurrencyPath, bounds),
  };
}

/**
 * The enabled event source mappings of one stack whose source is a queue.
 *
 * @throws TemplateError for what Lambda would refuse, and for settings not known here.
 */
export function readQueueSources(resolver: Resolver, context: QueueSourceContext): QueueSourceDefinition[] {
  const mappings = readMappings<Properties>(resolver, 'queue', PROPERTIES);
  return mappings.map((mapping) => readSource(mapping, context));
}
