import { TemplateError } from './cloudformation.ts';
import type { Resolver } from './intrinsics.ts';

const MAPPING = 'AWS::Lambda::EventSourceMapping';

/** What an event source mapping may say, whatever its source is. */
export interface MappingProperties {
  readonly BatchSize?: number;
  readonly Enabled?: boolean;
  readonly EventSourceArn?: string;
  readonly FilterCriteria?: { readonly Filters?: readonly { readonly Pattern?: string }[] };
  readonly FunctionName?: string;
  readonly FunctionResponseTypes?: readonly string[];
  readonly KmsKeyArn?: unknown;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly MetricsConfig?: unknown;
  readonly Tags?: unknown;
}

export const COMMON_PROPERTIES = [
  'BatchSize',
  'Enabled',
  'EventSourceArn',
  'FilterCriteria',
  'FunctionName',
  'FunctionResponseTypes',
  'KmsKeyArn',
  'MaximumBatchingWindowInSeconds',
  'MetricsConfig',
  'Tags',
] as const satisfies readonly (keyof MappingProperties)[];

/** An enabled mapping of a stack, with its properties resolved. */
export interface Mapping<Properties extends MappingProperties> {
  /** The same at every start. */
  readonly id: string;
  /** Where its properties stand, for error messages. */
  readonly path: string;
  readonly properties: Properties;
}

function isQueue(arn: string | undefined): boolean {
  return arn?.split(':')[2] === 'sqs';
}

function check(properties: MappingProperties, path: string, known: ReadonlySet<string>): void {
  for (const name of Object.keys(properties)) {
    if (!known.has(name))
      throw new TemplateError(`${path}.${name}`, 'is not known locally for such a source.');
  }
  for (const type of properties.FunctionResponseTypes ?? []) {
    if (type === 'ReportBatchItemFailures') continue;
    throw new TemplateError(`${path}.FunctionResponseTypes`, `${type} is not known locally.`);
  }
}

/**
 * The enabled mappings of one stack whose source is a queue, or those whose source is anything else.
 *
 * @param known names of the properties that such a mapping may have.
 * @throws TemplateError for a property that is not among them.
 */
export function readMappings<Properties extends MappingProperties>(
  resolver: Resolver,
  source: 'queue' | 'other',
  known: ReadonlySet<string>,
): Mapping<Properties>[] {
  const { stackName, template } = resolver.stack;
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === MAPPING)
    .flatMap(([logicalId, { Properties: raw = {} }]) => {
      const path = resolver.pathOf(logicalId, 'Properties');
      const properties = resolver.resolve(raw, path) as Properties;
      if (isQueue(properties.EventSourceArn) !== (source === 'queue')) return [];
      check(properties, path, known);
      return properties.Enabled === false ? [] : [{ id: `${stackName}/${logicalId}`, path, properties }];
    });
}
