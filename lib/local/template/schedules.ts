import { TemplateError } from './cloudformation.ts';
import type { FunctionDefinition, FunctionDirectory } from './functions.ts';
import type { Resolver } from './intrinsics.ts';

const RULE = 'AWS::Events::Rule';

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** A rule that invokes functions at a fixed rate. */
export interface ScheduleDefinition {
  readonly ruleArn: string;
  readonly periodMs: number;
  readonly targets: readonly ScheduleTarget[];
}

export interface ScheduleTarget {
  readonly function: FunctionDefinition;
  /** The event instead of EventBridge's own; `undefined`: EventBridge's own. */
  readonly input: unknown;
}

interface Properties {
  readonly ScheduleExpression?: string;
  readonly EventPattern?: unknown;
  readonly State?: string;
  readonly Targets?: readonly {
    readonly Arn: string;
    readonly Input?: string;
    readonly InputPath?: string;
    readonly InputTransformer?: unknown;
  }[];
}

/**
 * The period of `rate(5 minutes)`.
 *
 * @throws TemplateError for anything else, `cron(…)` included.
 */
export function parseRate(expression: string, path: string): number {
  const match = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression);
  const unit = match?.[2] as keyof typeof UNIT_MS | undefined;
  if (unit === undefined)
    throw new TemplateError(path, `${expression} is not a rate, and only rates run locally.`);
  return Number(match?.[1]) * UNIT_MS[unit];
}

function readTargets(properties: Properties, path: string, functions: FunctionDirectory): ScheduleTarget[] {
  return (properties.Targets ?? []).map((target, index) => {
    const at = `${path}.Targets.${index}`;
    if (target.InputPath !== undefined || target.InputTransformer !== undefined) {
      throw new TemplateError(at, 'only a constant Input is known locally.');
    }
    const input: unknown = target.Input === undefined ? undefined : JSON.parse(target.Input);
    return { function: functions.byArn(target.Arn, `${at}.Arn`), input };
  });
}

/**
 * The enabled schedules of one stack.
 *
 * @throws TemplateError for schedules that are no rates, and for targets that are not functions.
 */
export function readSchedules(resolver: Resolver, functions: FunctionDirectory): ScheduleDefinition[] {
  return Object.entries(resolver.stack.template.Resources)
    .filter(([, { Type, Properties }]) => Type === RULE && Properties?.['ScheduleExpression'] !== undefined)
    .flatMap(([logicalId, resource]) => {
      const path = resolver.pathOf(logicalId, 'Properties');
      const properties = resolver.resolve(resource.Properties ?? {}, path) as Properties;
      const { ScheduleExpression = '' } = properties;
      if (properties.EventPattern !== undefined) {
        throw new TemplateError(path, 'a rule has a schedule or a pattern here, not both.');
      }
      if (properties.State === 'DISABLED') return [];
      return {
        ruleArn: String(resolver.resolve({ 'Fn::GetAtt': [logicalId, 'Arn'] }, path)),
        periodMs: parseRate(ScheduleExpression, `${path}.ScheduleExpression`),
        targets: readTargets(properties, path, functions),
      };
    });
}
