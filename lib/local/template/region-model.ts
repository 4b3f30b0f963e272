import type { StackTemplate } from './cloudformation.ts';
import { TemplateError } from './cloudformation.ts';
import type { DeliveryStreamDefinition } from './delivery-streams.ts';
import { readDeliveryStreams } from './delivery-streams.ts';
import { CUSTOM_CALL, describedTable } from './described-table.ts';
import type { RuleDefinition } from './event-rules.ts';
import { readBuses, readRules } from './event-rules.ts';
import type { EventSourceDefinition } from './event-sources.ts';
import { readEventSources } from './event-sources.ts';
import { FunctionDirectory } from './functions.ts';
import { Resolver } from './intrinsics.ts';
import type { QueueSourceDefinition } from './queue-sources.ts';
import { readQueueSources } from './queue-sources.ts';
import type { QueueDefinition } from './queues.ts';
import { readQueues } from './queues.ts';
import type { ApiDefinition } from './rest-api.ts';
import { readRestApi } from './rest-api.ts';
import type { RoleDefinition } from './roles.ts';
import { readRoles } from './roles.ts';
import type { ScheduleDefinition } from './schedules.ts';
import { readSchedules } from './schedules.ts';
import type { TableDefinition } from './tables.ts';
import { readTables } from './tables.ts';

/** Types that the embedded stack runs. */
const RUN = new Set([
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGateway::UsagePlan',
  'AWS::ApiGateway::UsagePlanKey',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Version',
  'AWS::SQS::Queue',
  CUSTOM_CALL,
]);

/** Types, or whole services, that change nothing of what a request or an event does on one machine. */
const WITHOUT_LOCAL_EFFECT = [
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::Deployment',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::',
  'AWS::CodeDeploy::',
  'AWS::EventSchemas::',
  'AWS::Events::Archive',
  'AWS::Events::EventBusPolicy',
  'AWS::IAM::',
  'AWS::Lambda::Permission',
  'AWS::Logs::',
  'AWS::S3::Bucket',
  'AWS::SQS::QueuePolicy',
];

/** What one region runs. */
export interface RegionModel {
  readonly region: string;
  readonly api: ApiDefinition;
  readonly schedules: readonly ScheduleDefinition[];
  readonly eventSources: readonly EventSourceDefinition[];
  /** Names of the buses, `default` among them. */
  readonly buses: ReadonlySet<string>;
  readonly rules: readonly RuleDefinition[];
  readonly deliveryStreams: readonly DeliveryStreamDefinition[];
  readonly queues: readonly QueueDefinition[];
  readonly queueSources: readonly QueueSourceDefinition[];
  /** By ARN. */
  readonly roles: ReadonlyMap<string, RoleDefinition>;
}

function checkTypes(resolver: Resolver): void {
  for (const [logicalId, { Type }] of Object.entries(resolver.stack.template.Resources)) {
    if (RUN.has(Type) || WITHOUT_LOCAL_EFFECT.some((prefix) => Type.startsWith(prefix))) continue;
    throw new TemplateError(
      resolver.pathOf(logicalId, 'Type'),
      `${Type} does not run locally. Teach lib/local to run it, or list it in lib/local/template/region-model.ts ` +
        'if it changes nothing of what a request or an event does.',
    );
  }
}

/** Calls at deployment, whose provider never runs: they must be such that the answer is known. */
function checkCustomCalls(resolver: Resolver, tables: readonly TableDefinition[]): void {
  const { stackName, region, template } = resolver.stack;
  for (const [logicalId, { Type }] of Object.entries(template.Resources)) {
    if (Type !== CUSTOM_CALL) continue;
    const property = (name: string) => resolver.property(logicalId, name);
    const name = describedTable({ stackName, region, logicalId, property });
    if (tables.some(({ create }) => create.TableName === name)) continue;
    throw new TemplateError(resolver.pathOf(logicalId, 'Create'), `${region} has no table ${name}.`);
  }
}

/**
 * Reads what the region's templates say. What they do not say does not happen locally, and what they say that
 * cannot happen locally is an error.
 *
 * @throws TemplateError with the path of what cannot be run.
 */
export function readRegion(stacks: readonly StackTemplate[], region: string): RegionModel {
  const own = stacks.filter((stack) => stack.region === region);
  if (own.length === 0) throw new TemplateError(region, 'no stack deploys to this region.');
  const resolvers = own.map((stack) => new Resolver(stack, own));
  const tables = readTables(stacks, region);
  for (const resolver of resolvers) {
    checkTypes(resolver);
    checkCustomCalls(resolver, tables);
  }
  const functions = new FunctionDirectory(own);
  const api = readRestApi(resolvers, functions);
  if (api === undefined) throw new TemplateError(region, 'no stack has a REST API.');
  const buses = readBuses(resolvers);
  const queues = readQueues(resolvers);
  const context = { region, functions, tables, queues };
  return {
    region,
    api,
    schedules: resolvers.flatMap((resolver) => readSchedules(resolver, functions)),
    eventSources: resolvers.flatMap((resolver) => readEventSources(resolver, context)),
    buses,
    rules: resolvers.flatMap((resolver) => readRules(resolver, { functions, buses })),
    deliveryStreams: resolvers.flatMap(readDeliveryStreams),
    queues,
    queueSources: resolvers.flatMap((resolver) => readQueueSources(resolver, context)),
    roles: readRoles(resolvers),
  };
}
