import { App } from 'aws-cdk-lib';
import { readCdkDefaults } from '../lib/config/environment.ts';
import { InvalidContext, parseDeployment } from '../lib/config/stages.ts';
import { HoldfastStage } from '../lib/stacks/holdfast-stage.ts';

// The CDK app: `cdk synth "**" -c stage=prod -c regions=us-east-1,eu-west-1`.
const app = new App({ analyticsReporting: false });

try {
  const context = {
    stage: app.node.tryGetContext('stage'),
    regions: app.node.tryGetContext('regions'),
  };
  new HoldfastStage(app, parseDeployment(context, readCdkDefaults()));
} catch (error) {
  // A typing mistake deserves a sentence; only a defect deserves a stack trace.
  if (!(error instanceof InvalidContext)) throw error;
  console.error(error.message);
  process.exit(1);
}
