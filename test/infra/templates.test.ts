import { describe, expect, it } from 'vitest';
import { FIRST_REGION_FUNCTIONS } from '../../lib/config/functions.ts';
import { loadResourceSchema } from './resource-schema.ts';
import { functionsOf, resourcesOf, synthesize, synthesizeAll } from './synthesis.ts';

/** CloudFormation refuses templates of more than 500 resources: split the stack before it comes to that. */
const RESOURCES_MAX = 460;
/** And those of more than 1 MB. */
const TEMPLATE_BYTES_MAX = 800_000;

const REGIONS = ['us-east-1', 'eu-west-1', 'ap-northeast-1'];

const schema = await loadResourceSchema();

describe.each([
  { stage: 'dev', regions: 'us-east-1' },
  { stage: 'prod', regions: 'us-east-1' },
  { stage: 'prod', regions: REGIONS.join(',') },
  {
    stage: 'prod',
    regions: REGIONS.join(','),
    domain: 'Z0123456789ABCDEFGHIJ/api.example.com',
    cdn: 'on',
    alarmEmail: 'oncall@example.com',
    monthlyBudgetUsd: '500',
    gradual: 'on',
  },
])('the templates of stage $stage in $regions', (context) => {
  const stacks = synthesizeAll(context);

  it('hold nothing but types, properties and values that CloudFormation knows', () => {
    expect(stacks.flatMap(({ resources }) => resources).flatMap(schema.problemsOf)).toEqual([]);
  });

  it('have room to grow', () => {
    for (const { resources, template } of stacks) {
      expect(resources.length).toBeLessThan(RESOURCES_MAX);
      expect(Buffer.byteLength(JSON.stringify(template))).toBeLessThan(TEMPLATE_BYTES_MAX);
    }
  });
});

describe('three regions', () => {
  const stacks = synthesize({ stage: 'prod', regions: REGIONS.join(',') });

  const all = synthesizeAll({ stage: 'prod', regions: REGIONS.join(',') });

  it('are a stack each; keys come first, then the table, then all else side by side', () => {
    expect(stacks.map(({ region }) => region).toSorted()).toEqual(REGIONS.toSorted());
    const order = Object.fromEntries(all.map(({ id, dependsOn }) => [id, dependsOn.toSorted()]));
    const keys = REGIONS.map((region) => `keys-${region}`);
    expect(order).toEqual({
      ...Object.fromEntries(keys.map((id) => [id, []])),
      table: keys.toSorted(),
      ...Object.fromEntries(REGIONS.map((region) => [region, ['table']])),
      ...Object.fromEntries(REGIONS.map((region) => [`backups-${region}`, ['table']])),
      ...Object.fromEntries(REGIONS.map((region) => [`schemas-${region}`, []])),
    });
  });

  it('answer the same API with the same functions', () => {
    const shapes = stacks.map((stack) => [
      ...[...functionsOf(stack).keys()].filter(
        (name) => !FIRST_REGION_FUNCTIONS.some((only) => only === name),
      ),
      ...[
        'AWS::ApiGateway::Method',
        'AWS::Events::Rule',
        'AWS::Lambda::EventSourceMapping',
        'AWS::SQS::Queue',
      ].map((type) => resourcesOf(stack, type).length),
    ]);
    expect(shapes[1]).toEqual(shapes[0]);
    expect(shapes[2]).toEqual(shapes[0]);
  });

  /** Services of another region that a stack names: by names of our own, never by what another stack made up. */
  function namedElsewhere(id: string, region: string): string[] {
    if (id.startsWith('keys-')) return [];
    if (id === 'table') return ['kms'];
    if (id.startsWith('backups-'))
      return id.endsWith(`-${REGIONS[0]}`) && region === REGIONS[1] ? ['backup'] : [];
    return id.startsWith('schemas-') ? [] : ['dynamodb'];
  }

  it('refer to nothing of each other but replicas, their keys and the vault of copies, by names of our own', () => {
    for (const stack of all) {
      const template = JSON.stringify(stack.template);
      expect(template).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput|"Export"/);
      const others = REGIONS.filter((region) => region !== stack.region);
      for (const other of others) {
        const services = [...template.matchAll(new RegExp(`arn:aws:([^"]*):${other}:`, 'g'))];
        expect([...new Set(services.map(([, service]) => service))].toSorted()).toEqual(
          namedElsewhere(stack.id, other),
        );
      }
    }
  });
});
