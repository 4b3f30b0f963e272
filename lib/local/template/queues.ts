import * as z from 'zod';
import { TemplateError } from './cloudformation.ts';
import type { Resolver } from './intrinsics.ts';

const QUEUE = 'AWS::SQS::Queue';

/** SQS's default where a template says nothing. */
const DEFAULT_VISIBILITY_TIMEOUT_SECONDS = 30;
/** SQS's own bounds. */
const MAX_VISIBILITY_TIMEOUT_SECONDS = 43_200;
const MAX_DELAY_SECONDS = 900;
const MAX_RECEIVE_WAIT_SECONDS = 20;
const MIN_RETENTION_SECONDS = 60;
const MAX_RETENTION_SECONDS = 1_209_600;
const MIN_MESSAGE_BYTES = 1_024;
const MAX_MESSAGE_BYTES = 1_048_576;
const MAX_RECEIVE_COUNT = 1_000;

/** A standard queue as one region creates it. */
export interface QueueDefinition {
  readonly name: string;
  readonly arn: string;
  /** What `Ref` answers: the address at which functions find it. */
  readonly url: string;
  readonly visibilityTimeoutSeconds: number;
  /** As `CreateQueue` takes them. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Where a message goes that was received too often; `undefined`: it stays. */
  readonly deadLetterArn: string | undefined;
}

const integer = (min: number, max: number) => z.number().int().min(min).max(max).optional();

const propertiesSchema = z.object({
  DelaySeconds: integer(0, MAX_DELAY_SECONDS),
  MaximumMessageSize: integer(MIN_MESSAGE_BYTES, MAX_MESSAGE_BYTES),
  MessageRetentionPeriod: integer(MIN_RETENTION_SECONDS, MAX_RETENTION_SECONDS),
  ReceiveMessageWaitTimeSeconds: integer(0, MAX_RECEIVE_WAIT_SECONDS),
  RedrivePolicy: z
    .strictObject({
      deadLetterTargetArn: z.string(),
      maxReceiveCount: z.number().int().min(1).max(MAX_RECEIVE_COUNT),
    })
    .optional(),
  VisibilityTimeout: integer(0, MAX_VISIBILITY_TIMEOUT_SECONDS),
});

type Properties = z.output<typeof propertiesSchema>;

const READ = Object.keys(propertiesSchema.shape);

const KNOWN: ReadonlySet<string> = new Set([
  ...READ,
  'QueueName',
  // Who may send where, keys and tags: nothing of that shows on one machine.
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'RedriveAllowPolicy',
  'SqsManagedSseEnabled',
  'Tags',
]);

function parseProperties(resolver: Resolver, logicalId: string, path: string): Properties {
  const { Properties: raw = {} } = resolver.stack.template.Resources[logicalId] ?? {};
  for (const name of Object.keys(raw)) {
    // A FIFO queue is among what is not known.
    if (!KNOWN.has(name)) throw new TemplateError(`${path}.${name}`, 'is not known locally for queues.');
  }
  const parsed = propertiesSchema.safeParse(resolver.properties(logicalId, READ));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new TemplateError([path, ...(issue?.path ?? [])].join('.'), issue?.message ?? 'cannot be read.');
}

function readQueue(resolver: Resolver, logicalId: string): QueueDefinition {
  const path = resolver.pathOf(logicalId, 'Properties');
  const properties = parseProperties(resolver, logicalId, path);
  const { RedrivePolicy, VisibilityTimeout = DEFAULT_VISIBILITY_TIMEOUT_SECONDS, ...rest } = properties;
  const text = (intrinsic: object) => String(resolver.resolve(intrinsic, path));
  const name = text({ 'Fn::GetAtt': [logicalId, 'QueueName'] });
  const settings = Object.entries({ ...rest, VisibilityTimeout });
  return {
    name,
    arn: text({ 'Fn::GetAtt': [logicalId, 'Arn'] }),
    url: text({ Ref: logicalId }),
    visibilityTimeoutSeconds: VisibilityTimeout,
    attributes: {
      ...Object.fromEntries(settings.map(([key, value]) => [key, String(value)])),
      ...(RedrivePolicy && { RedrivePolicy: JSON.stringify(RedrivePolicy) }),
    },
    deadLetterArn: RedrivePolicy?.deadLetterTargetArn,
  };
}

/**
 * The queues of a region.
 *
 * @throws TemplateError for FIFO queues, for what SQS would refuse, and for dead letters that go nowhere.
 */
export function readQueues(resolvers: readonly Resolver[]): QueueDefinition[] {
  const queues = resolvers.flatMap((resolver) =>
    Object.entries(resolver.stack.template.Resources)
      .filter(([, { Type }]) => Type === QUEUE)
      .map(([logicalId]) => readQueue(resolver, logicalId)),
  );
  const arns = new Set(queues.map(({ arn }) => arn));
  for (const { name, deadLetterArn } of queues) {
    if (deadLetterArn === undefined || arns.has(deadLetterArn)) continue;
    throw new TemplateError(`${name}.RedrivePolicy`, `${deadLetterArn} is not a queue of this region.`);
  }
  return queues;
}
