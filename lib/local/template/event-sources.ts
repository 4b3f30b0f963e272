import type { EventPattern } from '../event-patterns/event-pattern.ts';
import { compileFilters } from '../event-sources/filter-pattern.ts';
import { TemplateError } from './cloudformation.ts';
import type { FunctionDefinition, FunctionDirectory } from './functions.ts';
import type { Resolver } from './intrinsics.ts';
import { COMMON_PROPERTIES, type Mapping, type MappingProperties, readMappings } from './mappings.ts';
import type { QueueDefinition } from './queues.ts';
import type { TableDefinition } from './tables.ts';

/** Lambda's default where a template says nothing: for ever. */
const NEVER = -1;
/** Lambda's default for streams. */
const DEFAULT_BATCH_SIZE = 100;

/** A function that gets a table's stream. */
export interface EventSourceDefinition {
  /** The same at every start: what is kept of it over a restart goes by this name. */
  readonly id: string;
  readonly function: FunctionDefinition;
  readonly tableName: string;
  readonly streamArn: string;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  /** Any of these must match; empty: every record does. */
  readonly filters: readonly EventPattern[];
  readonly reportsFailures: boolean;
  readonly bisects: boolean;
  /** `undefined`: a batch is tried until it succeeds. */
  readonly maxRetries: number | undefined;
  /** `undefined`: no record is too old. */
  readonly maxAgeMs: number | undefined;
  /** Name of the queue that is told what was given up; `undefined`: nobody is. */
  readonly failureQueue: string | undefined;
}

interface Properties extends MappingProperties {
  readonly BisectBatchOnFunctionError?: boolean;
  readonly DestinationConfig?: { readonly OnFailure?: { readonly Destination?: string } };
  readonly MaximumRecordAgeInSeconds?: number;
  readonly MaximumRetryAttempts?: number;
  /** Only tells how many batches of a shard may run side by side; one is always right. */
  readonly ParallelizationFactor?: number;
  readonly StartingPosition?: string;
}

const PROPERTIES: ReadonlySet<string> = new Set<keyof Properties>([
  ...COMMON_PROPERTIES,
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'ParallelizationFactor',
  'StartingPosition',
]);

/** Everything that a mapping may refer to. */
export interface EventSourceContext {
  readonly region: string;
  readonly functions: FunctionDirectory;
  /** Those of the region. */
  readonly tables: readonly TableDefinition[];
  readonly queues: readonly QueueDefinition[];
}

function checkStart({ StartingPosition: start }: Properties, path: string): void {
  // A table begins empty here, so both are the same.
  if (start === 'LATEST' || start === 'TRIM_HORIZON') return;
  throw new TemplateError(`${path}.StartingPosition`, `${start} does not exist for streams of tables.`);
}

function failureQueue(
  { DestinationConfig }: Properties,
  path: string,
  { queues }: EventSourceContext,
): string | undefined {
  if (DestinationConfig === undefined) return undefined;
  const { Destination, ...rest } = DestinationConfig.OnFailure ?? {};
  const queue = queues.find(({ arn }) => arn === Destination);
  if (queue !== undefined && Object.keys(rest).length === 0) return queue.name;
  throw new TemplateError(
    `${path}.DestinationConfig`,
    'only a queue of this region takes failed batches locally.',
  );
}

/** `arn:aws:dynamodb:<region>:<account>:table/<name>/stream/<label>` */
function tableOf(arn: string | undefined, path: string, { region, tables }: EventSourceContext): string {
  const [, , service, arnRegion, , resource = ''] = (arn ?? '').split(':');
  const [kind, name = '', stream] = resource.split('/');
  if (service !== 'dynamodb' || kind !== 'table' || stream !== 'stream') {
    throw new TemplateError(path, `${arn} is not the stream of a table, and only those run locally.`);
  }
  const table = tables.find(({ create }) => create.TableName === name);
  if (arnRegion !== region || table?.create.StreamSpecification === undefined) {
    throw new TemplateError(path, `${region} has no table ${name} with a stream.`);
  }
  return name;
}

const bounded = (value: number | undefined): number | undefined =>
  value === undefined || value === NEVER ? undefined : value;

function readMapping(
  { id, path, properties }: Mapping<Properties>,
  context: EventSourceContext,
): EventSourceDefinition {
  checkStart(properties, path);
  const { FunctionName = '', EventSourceArn = '', FilterCriteria } = properties;
  const maxAgeSeconds = bounded(properties.MaximumRecordAgeInSeconds);
  return {
    id,
    function: context.functions.byName(FunctionName, `${path}.FunctionName`),
    tableName: tableOf(EventSourceArn, `${path}.EventSourceArn`, context),
    streamArn: EventSourceArn,
    batchSize: properties.BatchSize ?? DEFAULT_BATCH_SIZE,
    batchingWindowMs: (properties.MaximumBatchingWindowInSeconds ?? 0) * 1_000,
    filters: compileFilters(FilterCriteria?.Filters ?? [], `${path}.FilterCriteria`),
    reportsFailures: (properties.FunctionResponseTypes ?? []).length > 0,
    bisects: properties.BisectBatchOnFunctionError ?? false,
    maxRetries: bounded(properties.MaximumRetryAttempts),
    maxAgeMs: maxAgeSeconds === undefined ? undefined : maxAgeSeconds * 1_000,
    failureQueue: failureQueue(properties, path, context),
  };
}

/**
 * The enabled event source mappings of one stack whose source is not a queue.
 *
 * @throws TemplateError for sources that are not streams of tables of the region, and for settings not known here.
 */
export function readEventSources(resolver: Resolver, context: EventSourceContext): EventSourceDefinition[] {
  const mappings = readMappings<Properties>(resolver, 'other', PROPERTIES);
  return mappings.map((mapping) => readMapping(mapping, context));
}
