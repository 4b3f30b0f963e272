import { describe, expect, it } from 'vitest';
import { parseDeployment } from '../../../lib/config/stages.ts';
import { accountClaims } from '../../../lib/operate/prove/account-claims.ts';
import type { AccountView } from '../../../lib/operate/prove/account-view.ts';
import { runChecks } from '../../../lib/operate/smoke/run-checks.ts';

const DEPLOYMENT = parseDeployment({ stage: 'prod', regions: 'us-east-1,eu-west-1' }, {});
const keyIn = (region: string) => `arn:aws:kms:${region}:123456789012:key/k`;

/** An account in which all is well. */
const GOOD: AccountView = {
  replica: async (region) => ({
    status: 'ACTIVE',
    hasStream: true,
    isProtected: true,
    recoversToAnySecond: true,
    keyArn: keyIn(region),
  }),
  keyBehind: async (region) => keyIn(region),
  streamMappings: async () => [{ functionName: 'complete', state: 'Enabled', lastResult: 'OK' }],
  alarms: async () => [{ name: 'holdfast-prod-eu-west-1-Api', state: 'OK' }],
  secret: async () => 'hf.key.7e.0123456789abcdef0123.x',
};

async function faultsOf(view: Partial<AccountView>, deployment = DEPLOYMENT): Promise<string[]> {
  const claims = accountClaims({ ...GOOD, ...view }, deployment);
  const watch = { now: () => 0, onResult: () => undefined };
  const results = await runChecks(claims, watch, { inOrder: false });
  return results.flatMap(({ name, result, reason }) => (result === 'passed' ? [] : [`${name}: ${reason}`]));
}

const replica = (changes: object) => async (region: string) => ({
  ...(await GOOD.replica(region, '')),
  ...changes,
});

describe('what the account must say of a stage', () => {
  it('is all true of one in which all is well', async () => {
    expect(await faultsOf({})).toEqual([]);
    expect(accountClaims(GOOD, DEPLOYMENT)).toHaveLength(9);
  });

  it.each([
    [{ status: 'UPDATING' }, 'it is UPDATING'],
    [{ hasStream: false }, 'it has no stream'],
    [{ isProtected: false }, 'it is not protected against deletion'],
    [{ recoversToAnySecond: false }, 'it has no point-in-time recovery'],
    [{ keyArn: undefined }, 'it is encrypted with a key of AWS'],
    [{ keyArn: keyIn('us-east-1') }, 'it is encrypted with arn:aws:kms:us-east-1'],
  ])('names a replica with %j', async (changes, fault) => {
    const faults = await faultsOf({ replica: replica(changes) });
    expect(faults.join('\n')).toContain(fault);
  });

  it('asks no key and no protection of a stage that has none', async () => {
    const dev = parseDeployment({ stage: 'dev', regions: 'us-east-1' }, {});
    const bare = { isProtected: false, recoversToAnySecond: false, keyArn: undefined };
    expect(await faultsOf({ replica: replica(bare) }, dev)).toEqual([]);
  });

  it.each([
    [[], 'nothing reads it'],
    [[{ functionName: 'f', state: 'Disabled', lastResult: 'OK' }], 'its mapping is Disabled'],
    [[{ functionName: 'f', state: 'Enabled', lastResult: 'PROBLEM: no' }], 'its last batch: PROBLEM: no'],
  ])('names a stream with the mappings %j', async (mappings, fault) => {
    expect((await faultsOf({ streamMappings: async () => mappings })).join()).toContain(fault);
  });

  it('names alarms that are on, and that there are none', async () => {
    const on = async () => [{ name: 'holdfast-prod-Slow', state: 'ALARM' }];
    expect(await faultsOf({ alarms: on })).toHaveLength(2);
    expect((await faultsOf({ alarms: async () => [] })).join()).toContain('there are no alarms');
  });

  it('names a secret that has not turned, and what cannot be found out', async () => {
    expect((await faultsOf({ secret: async () => 'x' })).join()).toContain('placeholder');
    const refused = await faultsOf({ secret: () => Promise.reject(new TypeError('denied')) });
    expect(refused.every((fault) => fault.endsWith(': denied'))).toBe(true);
    expect(refused).toHaveLength(3);
  });
});
