import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../lib/config/functions.ts';
import { ROUTES } from '../../lib/config/routes.ts';
import { parseDeployment } from '../../lib/config/stages.ts';
import { readCloudAssembly } from '../../lib/local/synthesis/cloud-assembly.ts';
import type { FunctionDefinition } from '../../lib/local/template/functions.ts';
import { readRegion } from '../../lib/local/template/region-model.ts';
import { HoldfastStage } from '../../lib/stacks/holdfast-stage.ts';
import { functionsOf, resourcesOf, type SynthesizedStack, synthesize, written } from './synthesis.ts';

const [stack] = synthesize({ stage: 'prod', gradual: 'on' }) as [SynthesizedStack];
const functions = functionsOf(stack);
const names = new Map([...functions].map(([name, { id }]) => [id, name]));

interface AliasProperties {
  readonly FunctionName: unknown;
  readonly FunctionVersion: unknown;
  readonly Name: string;
}
const aliases = new Map(
  resourcesOf<AliasProperties>(stack, 'AWS::Lambda::Alias').map(({ id, properties }) => [
    `<${id}>`,
    names.get(written(properties.FunctionName).slice(1, -1)) ?? '',
  ]),
);

const httpFunctions = [...new Set(ROUTES.map((route) => route.function))].toSorted();

describe('with -c gradual=on', () => {
  it('every function has an alias for a version, and nobody calls a function but by it', () => {
    expect([...aliases.values()].toSorted()).toEqual(Object.keys(FUNCTIONS).toSorted());
    const called = [
      ...resourcesOf<{ FunctionName: unknown }>(stack, 'AWS::Lambda::Permission'),
      ...resourcesOf<{ FunctionName: unknown }>(stack, 'AWS::Lambda::EventSourceMapping'),
    ].map(({ properties }) => /"Ref":"(\w+)"/.exec(JSON.stringify(properties.FunctionName))?.[1]);
    expect(called.length).toBeGreaterThan(httpFunctions.length);
    expect(called.filter((id) => !aliases.has(`<${id}>`))).toEqual([]);

    const methods = resourcesOf<{ Integration: { Uri: unknown } }>(stack, 'AWS::ApiGateway::Method');
    const uris = methods.map(({ properties }) => written(properties.Integration.Uri));
    const targets = uris.map((uri) => aliases.get(/functions\/(<\w+>)\/invocations$/.exec(uri)?.[1] ?? ''));
    expect([...new Set(targets)].toSorted()).toEqual(httpFunctions);

    const schedules = resourcesOf<{ ScheduleExpression?: string; Targets: { Arn: unknown }[] }>(
      stack,
      'AWS::Events::Rule',
    ).filter(({ properties }) => properties.ScheduleExpression !== undefined);
    const started = schedules.flatMap(({ properties }) => properties.Targets.map(({ Arn }) => written(Arn)));
    expect(started.map((arn) => aliases.get(arn)).toSorted()).toEqual(['audit', 'canary', 'sweep']);
  });

  it('limits of events that Lambda queues hold for the alias', () => {
    const configs = resourcesOf<{ Qualifier: string; MaximumRetryAttempts: number }>(
      stack,
      'AWS::Lambda::EventInvokeConfig',
    );
    expect(configs.map(({ properties: { Qualifier } }) => Qualifier)).not.toContain('$LATEST');
    expect(configs).toHaveLength(3);
  });

  it('requests get a new version by tenths, and the old one again when an alarm goes off', () => {
    interface GroupProperties {
      readonly AlarmConfiguration: { readonly Enabled: boolean; readonly Alarms: { Name: unknown }[] };
      readonly AutoRollbackConfiguration: { readonly Enabled: boolean; readonly Events: string[] };
      readonly DeploymentConfigName: string;
    }
    const groups = resourcesOf<GroupProperties>(stack, 'AWS::CodeDeploy::DeploymentGroup');
    expect(groups).toHaveLength(httpFunctions.length);
    const alarms = new Map(
      resourcesOf<{ MetricName: string; Dimensions: { Name: string }[] }>(
        stack,
        'AWS::CloudWatch::Alarm',
      ).map((alarm) => [`<${alarm.id}>`, alarm.properties]),
    );
    for (const { properties } of groups) {
      expect(properties.DeploymentConfigName).toBe('CodeDeployDefault.LambdaCanary10Percent5Minutes');
      expect(properties.AutoRollbackConfiguration).toEqual({
        Enabled: true,
        Events: expect.arrayContaining(['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM']),
      });
      const watched = properties.AlarmConfiguration.Alarms.map(({ Name }) => alarms.get(written(Name)));
      expect(watched.map((alarm) => alarm?.MetricName)).toEqual(['Errors', '5XXError', 'Latency']);
      const dimensions = watched[0]?.Dimensions.map(({ Name }) => Name);
      expect(dimensions).toEqual(['ExecutedVersion', 'FunctionName', 'Resource']);
    }
  });
});

describe('without it', () => {
  it('there is none of all this', () => {
    const [plain] = synthesize({ stage: 'prod' }) as [SynthesizedStack];
    const types = plain.resources.map(({ type }) => type);
    for (const type of ['AWS::Lambda::Alias', 'AWS::Lambda::Version', 'AWS::CodeDeploy::DeploymentGroup']) {
      expect(types).not.toContain(type);
    }
  });
});

describe('the embedded stack', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'gradual-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('reads the aliases, and finds every function behind routes, sources and schedules', async () => {
    const flags = JSON.parse(readFileSync('cdk.json', 'utf8')).context;
    const app = new App({
      outdir: directory,
      context: { ...flags, 'aws:cdk:bundling-stacks': [] },
      analyticsReporting: false,
    });
    new HoldfastStage(app, parseDeployment({ stage: 'local', gradual: 'on' }, {}));
    app.synth();
    const model = readRegion(await readCloudAssembly(directory), 'us-east-1');
    const named = (definitions: readonly FunctionDefinition[]) =>
      [...new Set(definitions.map(({ environment }) => environment['POWERTOOLS_SERVICE_NAME']))].toSorted();
    expect(named(model.api.routes.map(({ target }) => target))).toEqual(httpFunctions);
    const started = model.schedules.flatMap(({ targets }) => targets.map((target) => target.function));
    expect(named(started)).toEqual(['audit', 'sweep']);
    expect(started.map(({ asyncRetries }) => asyncRetries)).toEqual([0, 0]);
    expect(named(model.eventSources.map((source) => source.function))).toEqual(['complete']);
    const workers = model.queueSources.map((source) => source.function);
    expect(named(workers)).toEqual(['complete', 'deliver', 'notify', 'orders']);
  });
});
