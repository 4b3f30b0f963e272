import { describe, expect, it } from 'vitest';
import { ENVIRONMENT, readEnvironment } from '../../lib/config/environment.ts';
import {
  AUDIT_SCHEDULE_MINUTES,
  CANARY_SCHEDULE_MINUTES,
  FUNCTIONS,
  type FunctionName,
  SWEEP_SCHEDULE_MINUTES,
  WEBHOOK_FUNCTIONS,
} from '../../lib/config/functions.ts';
import { functionsOf, resourcesOf, synthesizeOne, written } from './synthesis.ts';

interface FunctionProperties {
  readonly Architectures: readonly string[];
  readonly Environment: { readonly Variables: Record<string, string> };
  readonly Handler: string;
  readonly LoggingConfig: { readonly LogFormat: string; readonly LogGroup: { readonly Ref: string } };
  readonly MemorySize: number;
  readonly Runtime: string;
  readonly Timeout: number;
}

const stack = synthesizeOne('prod');
const functions = functionsOf<FunctionProperties>(stack);

describe('functions', () => {
  it('are those of the configuration, and no others', () => {
    expect([...functions.keys()].toSorted()).toEqual(Object.keys(FUNCTIONS).toSorted());
    // And the one that the CDK runs at deployment, to ask for the name of the stream.
    expect(resourcesOf(stack, 'AWS::Lambda::Function')).toHaveLength(functions.size + 1);
  });
});

describe.each([...functions])('%s', (name, { properties }) => {
  it('has the size and the time that its settings say', () => {
    const settings = FUNCTIONS[name as FunctionName];
    expect(properties.MemorySize).toBe(settings.memoryMiB);
    expect(properties.Timeout).toBe(settings.timeoutSeconds);
    expect(properties.Runtime).toBe('nodejs24.x');
    expect(properties.Architectures).toEqual(['arm64']);
    expect(properties.Handler).toBe('index.handler');
    // Traces are off until somebody needs them: the functions carry no tracer.
    expect(properties).not.toHaveProperty('TracingConfig');
  });

  it('gets an environment that its handler can read, and nothing that nobody reads', () => {
    const variables = properties.Environment.Variables;
    const { table } = FUNCTIONS[name as FunctionName];
    expect(ENVIRONMENT.tableName in variables).toBe(table !== undefined);
    const tableName = 'holdfast-prod';
    const given = { ...variables, ...(table === undefined && { [ENVIRONMENT.tableName]: tableName }) };
    const environment = readEnvironment({ ...given, [ENVIRONMENT.region]: 'us-east-1' });
    expect(environment).toMatchObject({ tableName, regions: ['us-east-1'] });
    const { region, ...ours } = ENVIRONMENT;
    const unknown = Object.keys(variables).filter((key) => !Object.values<string>(ours).includes(key));
    expect(unknown.toSorted()).toEqual([
      'POWERTOOLS_LOG_LEVEL',
      'POWERTOOLS_METRICS_NAMESPACE',
      'POWERTOOLS_SERVICE_NAME',
    ]);
    expect(variables).not.toHaveProperty(region);
  });

  it('logs JSON to a group of its own that ends after a while', () => {
    const { LogFormat, LogGroup } = properties.LoggingConfig;
    expect(LogFormat).toBe('JSON');
    const group = resourcesOf<{ RetentionInDays: number }>(stack, 'AWS::Logs::LogGroup').find(
      ({ id }) => id === LogGroup.Ref,
    );
    expect(group?.properties.RetentionInDays).toBe(90);
  });
});

describe('where webhooks may point', () => {
  const told = (stage: string) => {
    const variables = [...functionsOf<FunctionProperties>(synthesizeOne(stage))].flatMap(
      ([name, { properties }]) => {
        const value = properties.Environment.Variables[ENVIRONMENT.webhookTargets];
        return value === undefined ? [] : [[name, value]];
      },
    );
    return Object.fromEntries(variables);
  };

  it('is known to whoever calls them, and is this machine in the embedded stack only', () => {
    expect(told('local')['deliver']).toBe('loopback');
    for (const stage of ['dev', 'prod', 'anything']) expect(told(stage)['deliver']).toBe('public');
    const knowing = Object.keys(FUNCTIONS).filter((name) => WEBHOOK_FUNCTIONS.includes(name));
    expect(Object.keys(told('prod')).toSorted()).toEqual(knowing.toSorted());
  });
});

interface RuleProperties {
  readonly ScheduleExpression: string;
  readonly State: string;
  readonly Targets: readonly { readonly Arn: unknown; readonly RetryPolicy: unknown }[];
}

const SCHEDULES = [
  { name: 'sweep', minutes: SWEEP_SCHEDULE_MINUTES, rate: 'rate(1 minute)' },
  { name: 'canary', minutes: CANARY_SCHEDULE_MINUTES, rate: 'rate(1 minute)' },
  { name: 'audit', minutes: AUDIT_SCHEDULE_MINUTES, rate: 'rate(15 minutes)' },
];

describe.each(SCHEDULES)('the schedule of the $name', ({ name, minutes, rate }) => {
  const target = functions.get(name);
  const rules = resourcesOf<RuleProperties>(stack, 'AWS::Events::Rule').filter(({ properties }) =>
    properties.Targets.some(({ Arn }) => written(Arn) === `<${target?.id}.Arn>`),
  );

  it('starts it every so often, and a start that was lost is not repeated', () => {
    expect(rate).toContain(`${minutes} minute`);
    const limits = { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 };
    expect(rules.map(({ properties }) => properties)).toMatchObject([
      { ScheduleExpression: rate, State: 'ENABLED', Targets: [{ RetryPolicy: limits }] },
    ]);
    const configured = resourcesOf<{ FunctionName: unknown }>(stack, 'AWS::Lambda::EventInvokeConfig');
    const own = configured.filter(({ properties }) => written(properties.FunctionName) === `<${target?.id}>`);
    expect(own.map(({ properties }) => properties)).toMatchObject([limits]);
  });
});

describe('the canary', () => {
  it('calls the address of its region, by the key in the secret of its stage, but not on one machine', () => {
    const variables = functions.get('canary')?.properties.Environment.Variables ?? {};
    const outputs = stack.template.Outputs;
    expect(variables[ENVIRONMENT.canaryApiUrl]).toEqual(outputs['ApiUrl']?.Value);
    expect(variables[ENVIRONMENT.canarySecretName]).toBe('holdfast/prod/canary-key');
    expect(functionsOf(synthesizeOne('local')).has('canary')).toBe(false);
  });
});
