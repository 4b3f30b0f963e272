import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { addDeployment } from '../../lib/stacks/add-deployment.ts';
import type { GivenContext } from './synthesis.ts';

const CONTEXT: GivenContext = {
  stage: 'prod',
  regions: 'us-east-1,eu-west-1,ap-northeast-1',
  pipeline: 'arn:aws:codeconnections:us-east-1:123456789012:connection/0a1b2c3d:acme/holdfast@main',
};

interface PipelineProperties {
  readonly PipelineType: string;
  readonly Stages: readonly {
    readonly Name: string;
    readonly OnFailure?: unknown;
    readonly Actions: readonly { readonly Name: string; readonly RunOrder: number }[];
  }[];
}

async function synthesizePipeline(): Promise<PipelineProperties> {
  const flags = JSON.parse(readFileSync('cdk.json', 'utf8')).context;
  const app = new App({ context: { ...flags, 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
  // Its findings fail this synthesis as well.
  await addDeployment(app, CONTEXT, {});
  const { template } = app.synth().getStackByName('holdfast-prod-pipeline');
  const resources: { Type: string; Properties: unknown }[] = Object.values(template.Resources);
  return resources.find(({ Type }) => Type === 'AWS::CodePipeline::Pipeline')
    ?.Properties as PipelineProperties;
}

const { PipelineType, Stages } = await synthesizePipeline();

describe('with -c pipeline=…', () => {
  it('a change is built, tried in a stage of its own, and only then deployed', () => {
    expect(PipelineType).toBe('V2');
    expect(Stages.map(({ Name }) => Name)).toEqual([
      'Source',
      'Build',
      'UpdatePipeline',
      'Assets',
      'holdfast-staging',
      'holdfast-prod',
    ]);
    const staging = Stages.at(-2)?.Actions.toSorted((a, b) => a.RunOrder - b.RunOrder);
    expect(staging?.at(-1)?.Name).toContain('Smoke_test');
  });

  it('the first region has a release to itself until it is checked, and what fails is taken back', () => {
    const last = Stages.at(-1);
    const order = new Map(last?.Actions.map(({ Name, RunOrder }) => [Name, RunOrder]));
    const at = (name: string) => order.get(name) ?? Number.NaN;
    expect(at('table.Prepare')).toBeGreaterThan(at('keys-eu-west-1.Deploy'));
    expect(at('us-east-1.Prepare')).toBeGreaterThan(at('table.Deploy'));
    expect(at('us-east-1.Bake_us-east-1')).toBeGreaterThan(at('us-east-1.Smoke_test_of_us-east-1'));
    for (const region of ['eu-west-1', 'ap-northeast-1']) {
      expect(at(`${region}.Prepare`)).toBeGreaterThan(at('us-east-1.Bake_us-east-1'));
    }
    expect(at('eu-west-1.Deploy')).toBe(at('ap-northeast-1.Deploy'));
    expect(last?.OnFailure).toEqual({ Result: 'ROLLBACK' });
  });
});

it('the stage that a change is tried in cannot be the one that is deployed', async () => {
  const app = new App({ analyticsReporting: false });
  await expect(addDeployment(app, { ...CONTEXT, stage: 'staging' }, {})).rejects.toThrow('name another one');
});
