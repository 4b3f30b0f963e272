import { type CompiledQuery, compileMetadataQuery } from '../delivery-streams/metadata-query.ts';
import { compileObjectPrefix, type ObjectPrefix } from '../delivery-streams/object-prefix.ts';
import { TemplateError } from './cloudformation.ts';
import type { Resolver } from './intrinsics.ts';
import { checkKnown } from './known-properties.ts';

const DELIVERY_STREAM = 'AWS::KinesisFirehose::DeliveryStream';

/** Firehose's defaults. */
const DEFAULT_INTERVAL_SECONDS = 300;
const DEFAULT_SIZE_MIB = 5;
const BYTES_PER_MIB = 1_048_576;

/** A stream whose records become objects of a bucket. */
export interface DeliveryStreamDefinition {
  readonly name: string;
  readonly bucket: string;
  readonly prefix: ObjectPrefix;
  /** Where records go whose partition is not found. */
  readonly errorPrefix: ObjectPrefix;
  /** `undefined`: records are not looked into. */
  readonly query: CompiledQuery | undefined;
  /** Put behind each record. */
  readonly delimiter: string;
  readonly compresses: boolean;
  readonly intervalMs: number;
  readonly sizeBytes: number;
}

interface Processor {
  readonly Type: string;
  readonly Parameters?: readonly { readonly ParameterName: string; readonly ParameterValue: string }[];
}

interface Destination {
  readonly BucketARN: string;
  readonly BufferingHints?: { readonly IntervalInSeconds?: number; readonly SizeInMBs?: number };
  readonly CompressionFormat?: string;
  readonly DynamicPartitioningConfiguration?: { readonly Enabled?: boolean };
  readonly ErrorOutputPrefix?: string;
  readonly Prefix?: string;
  readonly ProcessingConfiguration?: {
    readonly Enabled?: boolean;
    readonly Processors?: readonly Processor[];
  };
}

const STREAM_PROPERTIES = new Set([
  'DeliveryStreamEncryptionConfigurationInput',
  'DeliveryStreamName',
  'DeliveryStreamType',
  'ExtendedS3DestinationConfiguration',
  'Tags',
]);

/** What says where a record goes, and in which form. */
const DESTINATION_PROPERTIES = [
  'BucketARN',
  'BufferingHints',
  'CompressionFormat',
  'DynamicPartitioningConfiguration',
  'ErrorOutputPrefix',
  'Prefix',
  'ProcessingConfiguration',
] as const satisfies readonly (keyof Destination)[];

/** What only says how objects are encrypted and protected. It may refer to what has no name here. */
const WITHOUT_EFFECT = ['CloudWatchLoggingOptions', 'EncryptionConfiguration', 'RoleARN'];
const KNOWN_OF_DESTINATION = new Set<string>([...DESTINATION_PROPERTIES, ...WITHOUT_EFFECT]);

interface Processing {
  readonly query: CompiledQuery | undefined;
  readonly delimiter: string;
}

function parameter({ Parameters = [] }: Processor, name: string): string {
  return Parameters.find(({ ParameterName }) => ParameterName === name)?.ParameterValue ?? '';
}

function readProcessing({ ProcessingConfiguration = {} }: Destination, path: string): Processing {
  let processing: Processing = { query: undefined, delimiter: '' };
  if (ProcessingConfiguration.Enabled !== true) return processing;
  for (const [index, processor] of (ProcessingConfiguration.Processors ?? []).entries()) {
    const at = `${path}.ProcessingConfiguration.Processors.${index}`;
    switch (processor.Type) {
      case 'MetadataExtraction': {
        const query = compileMetadataQuery(parameter(processor, 'MetadataExtractionQuery'), at);
        processing = { ...processing, query };
        break;
      }
      case 'AppendDelimiterToRecord':
        // Without a parameter it is a line break, and a line break is written as an escape.
        processing = { ...processing, delimiter: '\n' };
        if (!['', '\\n'].includes(parameter(processor, 'Delimiter'))) {
          throw new TemplateError(at, 'only a line break delimits records here.');
        }
        break;
      default:
        throw new TemplateError(at, `${processor.Type} is not known locally.`);
    }
  }
  return processing;
}

function readPrefixes(
  { Prefix = '', ErrorOutputPrefix = '', DynamicPartitioningConfiguration }: Destination,
  { query }: Processing,
  path: string,
): Pick<DeliveryStreamDefinition, 'prefix' | 'errorPrefix'> {
  const keyNames = query?.names ?? new Set();
  const isPartitioned = DynamicPartitioningConfiguration?.Enabled === true;
  if (Prefix.includes('!{partitionKey') !== isPartitioned) {
    throw new TemplateError(
      `${path}.Prefix`,
      'partitions and DynamicPartitioningConfiguration need each other.',
    );
  }
  if (Prefix.includes('!{') && ErrorOutputPrefix === '') {
    throw new TemplateError(`${path}.ErrorOutputPrefix`, 'is needed by a prefix with expressions.');
  }
  return {
    prefix: compileObjectPrefix(Prefix, { path: `${path}.Prefix`, keyNames }),
    errorPrefix: compileObjectPrefix(ErrorOutputPrefix, {
      path: `${path}.ErrorOutputPrefix`,
      keyNames: new Set(),
      errorType: 'processing-failed',
    }),
  };
}

/** `arn:aws:s3:::<bucket>` */
function bucketOf(arn: string, path: string): string {
  const [bucket] = /(?<=^arn:aws:s3:::)[a-z0-9][a-z0-9.-]+$/.exec(arn) ?? [];
  if (bucket === undefined) throw new TemplateError(path, `${arn} is not a bucket.`);
  return bucket;
}

function readDestination(resolver: Resolver, raw: unknown, path: string): Destination {
  if (typeof raw !== 'object' || raw === null) {
    throw new TemplateError(path, 'is missing, and there is no other destination here.');
  }
  checkKnown(raw, KNOWN_OF_DESTINATION, path);
  const effective = Object.entries(raw).filter(([name]) => !WITHOUT_EFFECT.includes(name));
  return resolver.resolve(Object.fromEntries(effective), path) as Destination;
}

function readStream(resolver: Resolver, logicalId: string): DeliveryStreamDefinition {
  const path = resolver.pathOf(logicalId, 'Properties');
  const { Properties: raw = {} } = resolver.stack.template.Resources[logicalId] ?? {};
  checkKnown(raw, STREAM_PROPERTIES, path);
  const type = resolver.property(logicalId, 'DeliveryStreamType') ?? 'DirectPut';
  if (type !== 'DirectPut')
    throw new TemplateError(`${path}.DeliveryStreamType`, `${type} does not run locally.`);
  const at = `${path}.ExtendedS3DestinationConfiguration`;
  const destination = readDestination(resolver, raw['ExtendedS3DestinationConfiguration'], at);
  const { BufferingHints = {}, CompressionFormat = 'UNCOMPRESSED' } = destination;
  if (CompressionFormat !== 'UNCOMPRESSED' && CompressionFormat !== 'GZIP') {
    throw new TemplateError(`${at}.CompressionFormat`, `${CompressionFormat} is not known locally.`);
  }
  const processing = readProcessing(destination, at);
  return {
    name: String(resolver.resolve({ Ref: logicalId }, path)),
    bucket: bucketOf(destination.BucketARN, `${at}.BucketARN`),
    ...readPrefixes(destination, processing, at),
    ...processing,
    compresses: CompressionFormat === 'GZIP',
    intervalMs: (BufferingHints.IntervalInSeconds ?? DEFAULT_INTERVAL_SECONDS) * 1_000,
    sizeBytes: (BufferingHints.SizeInMBs ?? DEFAULT_SIZE_MIB) * BYTES_PER_MIB,
  };
}

/**
 * The delivery streams of one stack.
 *
 * @throws TemplateError for sources, destinations and settings not known here.
 */
export function readDeliveryStreams(resolver: Resolver): DeliveryStreamDefinition[] {
  return Object.entries(resolver.stack.template.Resources)
    .filter(([, { Type }]) => Type === DELIVERY_STREAM)
    .map(([logicalId]) => readStream(resolver, logicalId));
}
