import { compilePattern, type EventPattern } from '../event-patterns/event-pattern.ts';
import { TemplateError } from './cloudformation.ts';
import type { FunctionDefinition, FunctionDirectory } from './functions.ts';
import type { Resolver } from './intrinsics.ts';
import { checkKnown } from './known-properties.ts';
import { compileInput, type InputProperties, type TargetInput } from './target-input.ts';

const BUS = 'AWS::Events::EventBus';
const RULE = 'AWS::Events::Rule';

/** Every region has it, whatever its templates say. */
const DEFAULT_BUS = 'default';
/** EventBridge's defaults: a day. */
const DEFAULT_MAX_RETRIES = 185;
const DEFAULT_MAX_AGE_SECONDS = 86_400;

/** A rule that hands the events of a bus that match to its targets. */
export interface RuleDefinition {
  readonly arn: string;
  readonly busName: string;
  readonly matches: EventPattern;
  readonly targets: readonly RuleTarget[];
}

/** Who gets an event. */
export type Receiver =
  | { readonly kind: 'function'; readonly function: FunctionDefinition }
  | { readonly kind: 'queue'; readonly queueArn: string };

export interface RuleTarget {
  readonly id: string;
  readonly arn: string;
  readonly receiver: Receiver;
  readonly input: TargetInput;
  /** Queue for what could not be delivered; `undefined`: it is lost. */
  readonly deadLetterArn: string | undefined;
  readonly maxRetries: number;
  readonly maxAgeMs: number;
}

interface Target extends InputProperties {
  readonly Arn: string;
  readonly Id: string;
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: {
    readonly MaximumRetryAttempts?: number;
    readonly MaximumEventAgeInSeconds?: number;
  };
}

interface Properties {
  readonly EventBusName?: string;
  readonly EventPattern?: unknown;
  readonly ScheduleExpression?: string;
  readonly State?: string;
  readonly Targets?: readonly Target[];
}

const RULE_PROPERTIES = new Set([
  'Description',
  'EventBusName',
  'EventPattern',
  'Name',
  'RoleArn',
  'State',
  'Tags',
  'Targets',
]);

const TARGET_PROPERTIES = new Set([
  'Arn',
  'DeadLetterConfig',
  'Id',
  'Input',
  'InputPath',
  'InputTransformer',
  'RetryPolicy',
  'RoleArn',
]);

/** These say how a bus is encrypted, looked after and protected, never which event goes where. */
const BUS_PROPERTIES = new Set([
  'DeadLetterConfig',
  'Description',
  'KmsKeyIdentifier',
  'LogConfig',
  'Name',
  'Policy',
  'Tags',
]);

/** A bus by name or ARN. */
function nameOfBus(nameOrArn: string | undefined): string {
  return nameOrArn?.split('/').at(-1) ?? DEFAULT_BUS;
}

/** Names of the region's buses, the default one included. */
export function readBuses(resolvers: readonly Resolver[]): ReadonlySet<string> {
  const names = resolvers.flatMap((resolver) =>
    Object.entries(resolver.stack.template.Resources)
      .filter(([, { Type }]) => Type === BUS)
      .map(([logicalId, { Properties = {} }]) => {
        checkKnown(Properties, BUS_PROPERTIES, resolver.pathOf(logicalId, 'Properties'));
        return String(resolver.resolve({ Ref: logicalId }, resolver.pathOf(logicalId, 'Name')));
      }),
  );
  return new Set([DEFAULT_BUS, ...names]);
}

function readReceiver(arn: string, path: string, functions: FunctionDirectory): Receiver {
  const service = arn.split(':')[2];
  if (service === 'sqs' && arn.endsWith('.fifo')) {
    throw new TemplateError(path, 'queues that keep an order are not known locally.');
  }
  if (service === 'sqs') return { kind: 'queue', queueArn: arn };
  if (service === 'lambda') return { kind: 'function', function: functions.byArn(arn, path) };
  throw new TemplateError(
    path,
    `${arn} is neither a function nor a queue, and only those get events locally.`,
  );
}

function readTarget(target: Target, path: string, functions: FunctionDirectory): RuleTarget {
  checkKnown(target, TARGET_PROPERTIES, path);
  const { Arn, Id, DeadLetterConfig, RetryPolicy = {} } = target;
  return {
    id: Id,
    arn: Arn,
    receiver: readReceiver(Arn, `${path}.Arn`, functions),
    input: compileInput(target, path),
    deadLetterArn: DeadLetterConfig?.Arn,
    maxRetries: RetryPolicy.MaximumRetryAttempts ?? DEFAULT_MAX_RETRIES,
    maxAgeMs: (RetryPolicy.MaximumEventAgeInSeconds ?? DEFAULT_MAX_AGE_SECONDS) * 1_000,
  };
}

/** What a rule may refer to. */
export interface RuleContext {
  readonly functions: FunctionDirectory;
  readonly buses: ReadonlySet<string>;
}

/**
 * The enabled rules of one stack that match events.
 *
 * @throws TemplateError for patterns that AWS refuses, and for buses, targets and settings not known here.
 */
export function readRules(resolver: Resolver, { functions, buses }: RuleContext): RuleDefinition[] {
  return Object.entries(resolver.stack.template.Resources)
    .filter(([, { Type, Properties }]) => Type === RULE && Properties?.['ScheduleExpression'] === undefined)
    .flatMap(([logicalId, { Properties = {} }]) => {
      const path = resolver.pathOf(logicalId, 'Properties');
      checkKnown(Properties, RULE_PROPERTIES, path);
      const rule = resolver.resolve(Properties, path) as Properties;
      const busName = nameOfBus(rule.EventBusName);
      if (!buses.has(busName)) throw new TemplateError(`${path}.EventBusName`, `there is no bus ${busName}.`);
      if (rule.State === 'DISABLED') return [];
      return {
        arn: String(resolver.resolve({ 'Fn::GetAtt': [logicalId, 'Arn'] }, path)),
        busName,
        matches: compilePattern(rule.EventPattern, `${path}.EventPattern`),
        targets: (rule.Targets ?? []).map((target, index) =>
          readTarget(target, `${path}.Targets.${index}`, functions),
        ),
      };
    });
}
