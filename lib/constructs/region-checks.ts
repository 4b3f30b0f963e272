import { type CfnOutput, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CodeBuildStep, ShellStep } from 'aws-cdk-lib/pipelines';

/** How long a region has a release to itself before the others get it: most alarms look at ten minutes at most. */
const BAKE_MINUTES = 15;

/** Asks the region itself, not the shared name, whether it works. */
export function smokeTest(region: string, apiUrl: CfnOutput): ShellStep {
  return new ShellStep(`Smoke test of ${region}`, {
    envFromCfnOutputs: { API_URL: apiUrl },
    commands: [
      'curl --fail --silent --show-error --retry 5 --retry-all-errors "$API_URL/health" | grep \'"status":"ok"\'',
      'curl --fail --silent --show-error --output /dev/null "$API_URL/openapi.json"',
    ],
  });
}

export interface BakeProps {
  readonly region: string;
  /** CloudFormation begins the names of its alarms with it. */
  readonly stackName: string;
}

/** Waits, and fails as soon as an alarm of the region is on. */
export function bake({ region, stackName }: BakeProps): CodeBuildStep {
  const alarms =
    `aws cloudwatch describe-alarms --region ${region} --alarm-name-prefix ${stackName}- ` +
    "--state-value ALARM --query 'MetricAlarms[].AlarmName' --output text";
  return new CodeBuildStep(`Bake ${region}`, {
    commands: [
      'set -e',
      `for minute in $(seq ${BAKE_MINUTES}); do on=$(${alarms}); if [ -n "$on" ]; then echo "On: $on"; exit 1; fi; sleep 60; done`,
    ],
    timeout: Duration.minutes(2 * BAKE_MINUTES),
    rolePolicyStatements: [new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] })],
  });
}
