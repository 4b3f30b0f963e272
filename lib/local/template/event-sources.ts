import type { EventPattern } from '../event-patterns/event-pattern.ts';
import { compileFilters } from '../event-sources/filter-pattern.ts';
import { TemplateError } from './cloudformation.ts';
import type { FunctionDefinition, FunctionDirectory } from './functions.ts';
import type { Resolver } from './intrinsics.ts';
import type { TableDefinition } from './tables.ts';

const MAPPING = 'AWS::Lambda::EventSourceMapping';

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
}

interface Properties {
  readonly BatchSize?: number;
  readonly BisectBatchOnFunctionError?: boolean;
  readonly DestinationConfig?: unknown;
  readonly Enabled?: boolean;
  readonly EventSourceArn?: string;
  readonly FilterCriteria?: { readonly Filters?: readonly { readonly Pattern?: string }[] };
  readonly FunctionName?: string;
  readonly FunctionResponseTypes?: readonly string[];
  readonly KmsKeyArn?: unknown;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly MaximumRecordAgeInSeconds?: number;
  readonly MaximumRetryAttempts?: number;
  readonly MetricsConfig?: unknown;
  /** Only tells how many batches of a shard may run side by side; one is always right. */
  readonly ParallelizationFactor?: number;
  readonly StartingPosition?: string;
  readonly Tags?: unknown;
}

const PROPERTIES: ReadonlySet<string> = new Set([
  'BatchSize',
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'Enabled',
  'EventSourceArn',
  'FilterCriteria',
  'FunctionName',
  'FunctionResponseTypes',
  'KmsKeyArn',
  'MaximumBatchingWindowInSeconds',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'MetricsConfig',
  'ParallelizationFactor',
  'StartingPosition',
  'Tags',
] satisfies (keyof Properties)[]);

/** Everything that a mapping may refer to. */
export interface EventSourceContext {
  readonly region: string;
  readonly functions: FunctionDirectory;
  /** Those of the region. */
  readonly tables: readonly TableDefinition[];
}

function checkProperties(properties: Properties, path: string): void {
  for (const name of Object.keys(properties)) {
    if (!PROPERTIES.has(name)) throw new TemplateError(`${path}.${name}`, 'is not known locally.');
  }
  if (properties.DestinationConfig !== undefined) {
    throw new TemplateError(
      `${path}.DestinationConfig`,
      'destinations of failed batches do not exist locally.',
    );
  }
  const start = properties.StartingPosition;
  // A table begins empty here, so both are the same.
  if (start !== 'LATEST' && start !== 'TRIM_HORIZON') {
    throw new TemplateError(`${path}.StartingPosition`, `${start} does not exist for streams of tables.`);
  }
  for (const type of properties.FunctionResponseTypes ?? []) {
    if (type === 'ReportBatchItemFailures') continue;
    throw new TemplateError(`${path}.FunctionResponseTypes`, `${type} is not known locally.`);
  }
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
  resolver: Resolver,
  logicalId: string,
  context: EventSourceContext,
): EventSourceDefinition[] {
  const path = resolver.pathOf(logicalId, 'Properties');
  const { Properties: raw = {} } = resolver.stack.template.Resources[logicalId] ?? {};
  const properties = resolver.resolve(raw, path) as Properties;
  checkProperties(properties, path);
  if (properties.Enabled === false) return [];
  const { FunctionName = '', EventSourceArn = '', FilterCriteria } = properties;
  const maxAgeSeconds = bounded(properties.MaximumRecordAgeInSeconds);
  return [
    {
      id: `${resolver.stack.stackName}/${logicalId}`,
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
    },
  ];
}

/**
 * The enabled event source mappings of one stack.
 *
 * @throws TemplateError for sources that are not streams of tables of the region, and for settings not known here.
 */
export function readEventSources(resolver: Resolver, context: EventSourceContext): EventSourceDefinition[] {
  return Object.entries(resolver.stack.template.Resources)
    .filter(([, { Type }]) => Type === MAPPING)
    .flatMap(([logicalId]) => readMapping(resolver, logicalId, context));
}
