import type { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnProject } from 'aws-cdk-lib/aws-codebuild';
import type { CodePipeline } from 'aws-cdk-lib/pipelines';
import { acknowledge, type Reasons } from './acknowledge.ts';

const FILES_OF_A_RUN =
  'The CDK grants its steps the files of a run, whose names nobody knows before, in this one bucket.';
const OWN_LOG = 'The log and the reports of this one step, which its run begins.';

/** Says why some rules do not fit what CDK Pipelines makes. */
export function acknowledgePipeline(stack: Stack, { pipeline }: CodePipeline): void {
  const support = Object.values(pipeline.crossRegionSupport);
  for (const { stack: other } of support)
    acknowledge(other, { 'AwsSolutions-S1': 'Files of runs, read by the pipeline alone.' });
  const resource = (name: string, reason: string): Reasons => ({
    [`AwsSolutions-IAM5[Resource::${name}]`]: reason,
  });
  const { account, region } = stack;
  const buckets = support.map(
    ({ replicationBucket }) => `arn:aws:s3:::${stack.resolve(replicationBucket.bucketName)}/*`,
  );
  const artifacts = stack.node.findChild('Artifacts').node.defaultChild as CfnResource;
  const codeBuild = `arn:aws:codebuild:${region}:${account}:report-group/`;
  const logs = `arn:aws:logs:${region}:${account}:log-group:/aws/codebuild/`;
  const projects = stack.node.findAll().filter((node) => node instanceof CfnProject);
  const ids = projects.map((project) => String(stack.resolve(project.logicalId)));
  const ofProjects = ids.flatMap((id) => [`${codeBuild}<${id}>-*`, `${logs}<${id}>:*`]);
  acknowledge(stack, {
    'AwsSolutions-S1': 'Files of runs, read by the pipeline alone.',
    'AwsSolutions-CB4':
      'They hold the code and its templates, no data of tenants; S3 encrypts them with its own key.',
    ...Object.assign(
      {},
      ...['Abort', 'DeleteObject', 'GetBucket', 'GetObject', 'List'].map((action) => ({
        [`AwsSolutions-IAM5[Action::s3:${action}*]`]: FILES_OF_A_RUN,
      })),
      ...buckets.map((name) => resource(name, FILES_OF_A_RUN)),
      ...ofProjects.map((name) => resource(name, OWN_LOG)),
      ...[`${codeBuild}*`, `${logs}*`].map((name) => resource(name, OWN_LOG)),
    ),
    ...resource(`<${stack.resolve(artifacts.logicalId)}.Arn>/*`, FILES_OF_A_RUN),
    ...resource(
      `arn:*:iam::${account}:role/*`,
      'It may become roles of the bootstrap only, by a condition on their tag.',
    ),
    ...resource(
      '*',
      'Steps ask for all stacks and alarms of the account: neither call takes names to narrow it.',
    ),
  });
}
