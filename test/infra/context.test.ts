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
  ])('refuses %j and says what to type', (context, advice) => {
    expect(() => parseDeployment(context, {})).toThrow(InvalidContext);
    expect(() => parseDeployment(context, {})).toThrow(advice);
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
