import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../lib/command-line/usage-error.ts';
import { planDeployments } from '../../../lib/operate/preflight/plan-deployments.ts';
import { parsePreflightOptions } from '../../../lib/operate/preflight/preflight-options.ts';
import { readShape } from '../../../lib/operate/preflight/read-shape.ts';
import { renderPlan } from '../../../lib/operate/preflight/render-plan.ts';

const INDEXES = ['list', 'due'];
const shape = (regions: readonly string[], indexes: readonly string[] = INDEXES) => ({ regions, indexes });

describe('the deployments that lead to what is wanted', () => {
  it('are one when there is no table yet, in however many regions', () => {
    expect(planDeployments(undefined, shape(['a', 'b', 'c']))).toMatchObject({
      outcome: 'ready',
      steps: [{ regions: ['a', 'b', 'c'] }],
    });
  });

  it('are one when neither replicas nor indexes change, in whatever order the others are named', () => {
    expect(planDeployments(shape(['a', 'b', 'c']), shape(['a', 'c', 'b']))).toMatchObject({
      outcome: 'ready',
      steps: [{ regions: ['a', 'c', 'b'] }],
    });
  });

  it('remove before they add, one region each', () => {
    const plan = planDeployments(shape(['a', 'b', 'c']), shape(['a', 'd', 'e']));
    expect(plan).toMatchObject({
      outcome: 'steps',
      steps: [
        { regions: ['a', 'c'], before: expect.stringContaining('Drain b') },
        { regions: ['a'], before: expect.stringContaining('Drain c') },
        { regions: ['a', 'd'] },
        { regions: ['a', 'd', 'e'] },
      ],
    });
  });

  it('change an index by itself, before the regions', () => {
    const plan = planDeployments(shape(['a'], ['list']), shape(['a', 'b'], ['list', 'due']));
    expect(plan).toMatchObject({ outcome: 'steps', steps: [{ regions: ['a'] }, { regions: ['a', 'b'] }] });
  });

  it('do not exist when two indexes change, or the owner of the table', () => {
    expect(planDeployments(shape(['a'], ['x']), shape(['a'], ['y']))).toMatchObject({
      outcome: 'impossible',
    });
    expect(planDeployments(shape(['a', 'b']), shape(['c', 'a']))).toMatchObject({ outcome: 'impossible' });
  });

  it('change one replica each, and end with what is wanted', () => {
    const others = fc.uniqueArray(fc.constantFrom('b', 'c', 'd', 'e', 'f'));
    fc.assert(
      fc.property(others, others, (deployed, wanted) => {
        const plan = planDeployments(shape(['a', ...deployed]), shape(['a', ...wanted]));
        if (plan.outcome === 'impossible') throw new Error(plan.reason);
        let regions = new Set(['a', ...deployed]);
        for (const step of plan.steps) {
          const next = new Set(step.regions);
          expect(regions.symmetricDifference(next).size).toBeLessThanOrEqual(1);
          regions = next;
        }
        expect(regions).toEqual(new Set(['a', ...wanted]));
      }),
    );
  });
});

describe('the text', () => {
  it('says what to type, in order, and what comes first', () => {
    const plan = planDeployments(shape(['us-east-1', 'eu-west-1']), shape(['us-east-1', 'eu-west-3']));
    expect(renderPlan(plan, 'prod').split('\n')).toEqual([
      '2 deployments, one after the other:',
      expect.stringContaining('First: Drain eu-west-1'),
      '  1. npx cdk deploy "**" -c stage=prod -c regions=us-east-1',
      '     removes the replica in eu-west-1',
      '  2. npx cdk deploy "**" -c stage=prod -c regions=us-east-1,eu-west-3',
      '     adds a replica in eu-west-3',
    ]);
  });
});

describe('what DynamoDB says', () => {
  it('is advice only when it says something', async () => {
    await expect(readShape(async () => undefined)).resolves.toBeUndefined();
    const refused = readShape(() => Promise.reject(new Error('The security token is invalid.')));
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow('The security token is invalid.). Check your credentials');
  });
});

describe('the flags', () => {
  it('are those of the deployment', () => {
    const { deployment } = parsePreflightOptions(['--stage', 'prod', '--regions', 'us-east-1,eu-west-1']);
    expect(deployment).toMatchObject({ tableName: 'holdfast-prod', regions: ['us-east-1', 'eu-west-1'] });
  });

  it.each([
    [['--regions', 'nowhere'], 'like us-east-1'],
    [['--stage', 'a b'], '-c stage=prod'],
    [['--endpoint', 'here'], 'must be a URL'],
    [['--what'], '--what'],
  ])('%j are refused, with what to write', (args, advice) => {
    expect(() => parsePreflightOptions(args)).toThrow(advice);
  });
});
