import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, describe, expect, it } from 'vitest';
import { addChecks } from '../../lib/rules/add-checks.ts';
import type { GivenContext } from './synthesis.ts';

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

const directory = mkdtempSync(path.join(tmpdir(), 'findings-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** The app as the CDK runs it, rules and all, but for the bundles. */
function check(context: GivenContext): Report {
  const flags = JSON.parse(readFileSync('cdk.json', 'utf8')).context;
  const outdir = mkdtempSync(path.join(directory, 'out-'));
  spawnSync(process.execPath, ['bin/holdfast.ts'], {
    env: {
      ...process.env,
      CDK_CONTEXT_JSON: JSON.stringify({ ...flags, ...context, 'aws:cdk:bundling-stacks': [] }),
      CDK_OUTDIR: outdir,
    },
  });
  return JSON.parse(readFileSync(path.join(outdir, 'validation-report.json'), 'utf8'));
}

const OPTIONAL_PARTS = {
  tracing: 'on',
  warmReads: '20000',
  warmWrites: '8000',
  domain: 'Z0123456789ABCDEFGHIJ/api.example.com',
  cdn: 'on',
  alarmEmail: 'oncall@example.com',
  monthlyBudgetUsd: '500',
  gradual: 'on',
} as const satisfies GivenContext;

it('all three packs look', () => {
  const app = new App({ analyticsReporting: false, outdir: path.join(directory, 'bad') });
  const stack = new Stack(app, 'Bad');
  new Queue(stack, 'Queue', { queueName: 'things-dlq' });
  addChecks(app);
  expect(() => app.synth()).toThrow('Holdfast-DeadLetterAlarm');
  const report: Report = JSON.parse(
    readFileSync(path.join(directory, 'bad', 'validation-report.json'), 'utf8'),
  );
  const names = report.pluginReports.map(({ pluginName }) => pluginName);
  expect(names.toSorted()).toEqual(['AwsSolutions', 'Holdfast', 'Serverless']);
});

/** Three regions take six seconds on a quiet machine; all tests at once share two cores. */
const TIMEOUT_MS = 180_000;

describe('the rules of cdk-nag and our own', { timeout: TIMEOUT_MS }, () => {
  it.each([
    { stage: 'dev', regions: 'us-east-1' },
    { stage: 'prod', regions: 'us-east-1' },
    { stage: 'prod', regions: 'us-east-1,eu-west-1,ap-northeast-1' },
    { stage: 'prod', regions: 'us-east-1,eu-west-1,ap-northeast-1', ...OPTIONAL_PARTS },
    {
      stage: 'prod',
      regions: 'us-east-1,eu-west-1',
      pipeline: 'arn:aws:codeconnections:us-east-1:123456789012:connection/0a1b2c3d:acme/holdfast@main',
    },
  ])('find nothing in %j, not even to warn of', (context) => {
    const { pluginReports } = check(context);
    const findings = pluginReports.flatMap(({ violations }) =>
      violations.flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => `${ruleName}: ${constructPath}`),
      ),
    );
    expect(findings).toEqual([]);
  });
});
