import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ComputeType, LinuxBuildImage } from 'aws-cdk-lib/aws-codebuild';
import { type CfnPipeline, PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { CodePipeline, CodePipelineSource, type IFileSetProducer, ShellStep } from 'aws-cdk-lib/pipelines';
import type { Construct } from 'constructs';
import { InvalidContext } from '../config/context.ts';
import type { Deployment } from '../config/stages.ts';
import { acknowledgePipeline } from '../constructs/pipeline-reasons.ts';
import { bake, smokeTest } from '../constructs/region-checks.ts';
import { HoldfastStage } from './holdfast-stage.ts';
import { stackPropsOf } from './region-props.ts';

/** What is deployed first. */
const STAGING = 'staging';

/** Files of a run are of no use once the next ones came. */
const ARTIFACT_DAYS = 30;

export interface PipelineStackProps {
  readonly pipeline: NonNullable<Deployment['options']['pipeline']>;
  /** The account of the connection is that of everything here. */
  readonly deployment: Deployment;
  readonly staging: Deployment;
  /** What the app was given, as `-c` takes it: the pipeline synthesises with the same. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** Deploys what is merged: tests, a stage to try it in, the first region for a while, then all others. */
export class PipelineStack extends Stack {
  constructor(scope: Construct, props: PipelineStackProps) {
    const { deployment, staging } = props;
    if (deployment.stage === STAGING) {
      throw new InvalidContext(
        `-c stage=${STAGING} is the stage that the pipeline tries a change in: name another one.`,
      );
    }
    super(
      scope,
      `holdfast-${deployment.stage}-pipeline`,
      stackPropsOf({ region: deployment.regions[0], deployment }, 'its pipeline'),
    );
    const pipeline = this.createPipeline(props);
    addStaging(this, pipeline, staging);
    addRegions(this, pipeline, deployment);
    pipeline.buildPipeline();
    takeBackWhatFails(pipeline);
    acknowledgePipeline(this, pipeline);
  }

  private createPipeline({ pipeline, context }: PipelineStackProps): CodePipeline {
    const { repository, branch, connectionArn } = pipeline;
    const values = Object.entries(context).filter(([, value]) => value !== undefined);
    return new CodePipeline(this, 'Pipeline', {
      pipelineType: PipelineType.V2,
      crossAccountKeys: false,
      artifactBucket: this.createArtifacts(),
      synth: new ShellStep('Synth', {
        // The CDK declares outputs of its steps less exactly than those of the interface.
        input: CodePipelineSource.connection(repository, branch, { connectionArn }) as IFileSetProducer,
        commands: [
          'npm ci',
          'npm test',
          `npm run synth -- ${values.map(([name, value]) => `-c '${name}=${value}'`).join(' ')}`,
        ],
        primaryOutputDirectory: 'cdk.out',
      }) as IFileSetProducer,
      synthCodeBuildDefaults: {
        timeout: Duration.hours(1),
        buildEnvironment: { buildImage: LinuxBuildImage.AMAZON_LINUX_2023_5, computeType: ComputeType.LARGE },
      },
    });
  }

  private createArtifacts(): IBucket {
    const bucket = new Bucket(this, 'Artifacts', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(ARTIFACT_DAYS) }],
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return bucket as IBucket;
  }
}

function addStaging(scope: Construct, pipeline: CodePipeline, staging: Deployment): void {
  const stage = new HoldfastStage(scope, staging);
  const [regional] = stage.regionalStacks;
  if (regional === undefined) return;
  pipeline.addStage(stage, { post: [smokeTest(regional.region, regional.apiUrl)] });
}

/** The others wait for the first region and for the checks behind it, which belong to its stack. */
function addRegions(scope: Construct, pipeline: CodePipeline, deployment: Deployment): void {
  const stage = new HoldfastStage(scope, deployment);
  const [first, ...others] = stage.regionalStacks;
  for (const other of others) if (first !== undefined) other.addStackDependency(first);
  pipeline.addStage(stage, {
    stackSteps: stage.regionalStacks.map((stack) => {
      const smoke = smokeTest(stack.region, stack.apiUrl);
      const baked = bake({ region: stack.region, stackName: stack.stackName });
      baked.addStepDependency(smoke);
      return { stack, post: [smoke, baked] };
    }),
  });
}

/** A stage that fails, by an alarm or otherwise, is deployed again as it last succeeded. */
function takeBackWhatFails({ pipeline }: CodePipeline): void {
  const resource = pipeline.node.defaultChild as CfnPipeline;
  const last = pipeline.stages.length - 1;
  resource.addPropertyOverride(`Stages.${last}.OnFailure`, { Result: 'ROLLBACK' });
}
