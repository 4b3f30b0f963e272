/** The smoke test against the embedded stack, as whoever deploys runs it. */
import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack, type TestStack } from './stack.ts';

let test: TestStack;
const REGIONS = ['us-east-1', 'eu-west-1'];

beforeAll(async () => {
  test = await startTestStack(REGIONS);
}, 120_000);
afterAll(() => test?.stack.stop());

function smoke(api: string, key: string, ...more: readonly string[]) {
  return new Promise<{ readonly exitCode: number; readonly stdout: string }>((resolve) => {
    const args = ['bin/smoke.ts', '--api', api, '--key', key, ...more];
    execFile(process.execPath, args, (error, stdout) => {
      resolve({ exitCode: Number(error?.code ?? 0), stdout });
    });
  });
}

const apiIn = (region: string | undefined) =>
  test.stack.regions.find((each) => each.region === region)?.api ?? '';

describe('the smoke test', { timeout: 120_000 }, () => {
  it.each(REGIONS)(
    "passes in %s with an operator's key, again and again, and leaves no stock and no key",
    async (region) => {
      const operator = test.stack.keys?.operator ?? '';
      for (let time = 0; time < 2; time += 1) {
        const { exitCode, stdout } = await smoke(apiIn(region), operator, '--json');
        const report = JSON.parse(stdout);
        expect(report.checks.filter(({ result }: { result: string }) => result !== 'passed')).toEqual([]);
        expect(report).toMatchObject({ ok: true, region });
        expect(exitCode).toBe(0);
      }
      const scopes = ['read', 'admin'];
      const { body } = await test.operator.expect(201, 'POST /tenants/smoke/keys', { scopes });
      const options = { key: body.secret };
      const stock = await test.nobody.expect(
        200,
        'GET /stock/smoke-product?consistency=strong',
        undefined,
        options,
      );
      expect(stock.body).toMatchObject({ onHand: 0, held: 0, committed: 0 });
      const alive = async () => {
        const { body } = await test.nobody.expect(200, 'GET /keys?limit=100', undefined, options);
        const keys: readonly { readonly revokedAt?: string; readonly name?: string }[] = body.items;
        return keys.filter(({ revokedAt, name }) => revokedAt === undefined && name !== undefined);
      };
      // Lists are a few seconds late. The key of this test has no name.
      await expect.poll(alive, { timeout: 20_000 }).toEqual([]);
    },
  );

  it("passes with a tenant's key", async () => {
    const { exitCode, stdout } = await smoke(apiIn(REGIONS[1]), test.stack.keys?.demo ?? '');
    expect(stdout).toContain('PASSED');
    expect(exitCode).toBe(0);
  });

  it('fails clearly with a bad key, with one that may only read, and where nobody answers', async () => {
    const api = apiIn(REGIONS[0]);
    const bad = await smoke(api, 'hf.no.key');
    expect(bad.stdout).toContain('got 401 unauthenticated');
    expect(bad.stdout).toMatch(/FAILED: .* failed: key\./);
    const readOnly = await smoke(api, test.stack.keys?.demoRead ?? '');
    expect(readOnly.stdout).toMatch(/FAILED: .* failed: product and location\./);
    const nobody = await smoke('http://127.0.0.1:1024/v1', 'hf.no.key');
    expect(nobody.stdout).toContain('http://127.0.0.1:1024/v1 does not answer');
    expect([bad, readOnly, nobody].map(({ exitCode }) => exitCode)).toEqual([1, 1, 1]);
  });
});

describe('the proof of a stage', { timeout: 240_000 }, () => {
  const prove = (key: string, ...apis: readonly string[]) =>
    new Promise<{ readonly exitCode: number; readonly stdout: string }>((resolve) => {
      const flags = ['--regions', REGIONS.join(','), ...apis.flatMap((api) => ['--api', api])];
      const args = ['bin/prove.ts', '--only', 'api', '--json', '--key', key, ...flags];
      execFile(process.execPath, args, (error, stdout) => {
        resolve({ exitCode: Number(error?.code ?? 0), stdout });
      });
    });

  it('shows in its APIs what it must, in both regions', async () => {
    const { exitCode, stdout } = await prove(test.stack.keys?.operator ?? '', ...REGIONS.map(apiIn));
    const { ok, claims } = JSON.parse(stdout);
    expect(claims.filter(({ result }: { result: string }) => result !== 'passed')).toEqual([]);
    expect(claims).toHaveLength(6);
    expect([ok, exitCode]).toEqual([true, 0]);
  });

  it('fails where a region does not answer', async () => {
    const operator = test.stack.keys?.operator ?? '';
    const { exitCode, stdout } = await prove(operator, apiIn(REGIONS[0]), 'http://127.0.0.1:9/v1');
    const failed = JSON.parse(stdout).claims.find(({ result }: { result: string }) => result === 'failed');
    expect(failed.name).toBe('a hold is seen in every region');
    expect(exitCode).toBe(1);
  });
});
