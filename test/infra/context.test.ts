import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { InvalidContext } from '../../lib/config/context.ts';
import { parseDeployment } from '../../lib/config/stages.ts';

describe('the context of the CDK app', () => {
  it('needs nothing: one region, stage dev, whichever account', () => {
    expect(parseDeployment({}, {})).toMatchObject({
      stage: 'dev',
      regions: ['us-east-1'],
      account: undefined,
      tableName: 'holdfast-dev',
    });
  });

  it('follows the credentials unless it names regions itself', () => {
    const defaults = { account: '123456789012', region: 'eu-west-1' };
    expect(parseDeployment({}, defaults)).toMatchObject({ regions: ['eu-west-1'], account: '123456789012' });
    const named = parseDeployment({ regions: 'us-east-1, ap-northeast-1' }, defaults);
    expect(named.regions).toEqual(['us-east-1', 'ap-northeast-1']);
  });

  it.each([
    [{ stage: 'a_b' }, 'use up to 20 letters, digits and hyphens'],
    [{ stage: '' }, 'use up to 20 letters, digits and hyphens'],
    [{ stage: '1st' }, 'use up to 20 letters, digits and hyphens'],
    [{ stage: 'x'.repeat(21) }, 'use up to 20 letters, digits and hyphens'],
    [{ regions: '' }, 'use the name of an AWS region, like us-east-1'],
    [{ regions: 'us-east-1,' }, 'use the name of an AWS region, like us-east-1'],
    [{ regions: 'virginia' }, 'use the name of an AWS region, like us-east-1'],
    [{ regions: 'us-east-1,us-east-1' }, 'name each region once'],
    [{ regions: ['us-east-1'] }, 'separate the regions with commas'],
    [
      { regions: Array.from({ length: 11 }, (_, i) => `us-${'x'.repeat(i + 1)}-1`).join() },
      'name at most 10 regions',
    ],
    [{ domain: 'api.example.com' }, '-c domain=Z0123456789ABCDEFGHIJ/api.example.com'],
    [{ domain: 'Z1/localhost' }, '-c domain=Z0123456789ABCDEFGHIJ/api.example.com'],
    [{ cdn: 'yes' }, 'use on or off'],
    [{ cdn: 'on' }, '-c cdn=on needs -c domain=…'],
    [{ alarmEmail: 'nobody' }, '-c alarmEmail=oncall@example.com'],
    [{ monthlyBudgetUsd: 'lots' }, 'use a whole number of dollars'],
    [{ monthlyBudgetUsd: '0' }, 'use more than 0 dollars'],
    [{ warmReads: '11999' }, 'use 12000 at least'],
    [{ warmWrites: '40001' }, 'use 40000 at most'],
    [{ warmWrites: '4000.5' }, 'use a whole number'],
    [{ pipeline: 'owner/repository' }, 'name the connection, the repository and the branch'],
  ])('refuses %j and says what to type', (context, advice) => {
    expect(() => parseDeployment(context, {})).toThrow(InvalidContext);
    expect(() => parseDeployment(context, {})).toThrow(advice);
  });

  it('has every optional part off until it is named', () => {
    const { options } = parseDeployment({}, {});
    expect(options).toEqual({ cdn: false, tracing: false, gradual: false });
  });

  it('takes every optional part by one value', () => {
    const connection = 'arn:aws:codeconnections:us-east-1:123456789012:connection/0a1b-2c3d';
    const { options } = parseDeployment(
      {
        domain: 'Z0123456789/api.example.com',
        cdn: 'on',
        alarmEmail: 'oncall@example.com',
        monthlyBudgetUsd: '500',
        warmReads: '20000',
        warmWrites: '8000',
        tracing: 'on',
        gradual: 'on',
        pipeline: `${connection}:owner/stock.service@release/1`,
      },
      {},
    );
    expect(options).toEqual({
      domain: { hostedZoneId: 'Z0123456789', name: 'api.example.com' },
      cdn: true,
      alarmEmail: 'oncall@example.com',
      monthlyBudgetUsd: 500,
      warmReads: 20_000,
      warmWrites: 8_000,
      tracing: true,
      gradual: true,
      pipeline: { connectionArn: connection, repository: 'owner/stock.service', branch: 'release/1' },
    });
  });

  it('shows a mistake as a message, not as a stack trace', () => {
    const context = JSON.stringify({ stage: 'no stage', regions: 'nowhere' });
    const run = spawnSync(process.execPath, ['bin/holdfast.ts'], {
      env: { ...process.env, CDK_CONTEXT_JSON: context },
      encoding: 'utf8',
    });
    expect(run.status).toBe(1);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain('-c stage=prod');
    expect(run.stderr).toContain('like us-east-1');
    expect(run.stderr).not.toContain('    at ');
  });
});
