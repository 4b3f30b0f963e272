import { App } from 'aws-cdk-lib';
import { CONTEXT_NAMES, InvalidContext } from '../lib/config/context.ts';
import { readCdkDefaults } from '../lib/config/environment.ts';
import { addDeployment } from '../lib/stacks/add-deployment.ts';

// The CDK app: `cdk synth "**" -c stage=prod -c regions=us-east-1,eu-west-1`.
const app = new App({ analyticsReporting: false });

try {
  const context = Object.fromEntries(CONTEXT_NAMES.map((name) => [name, app.node.tryGetContext(name)]));
  await addDeployment(app, context, readCdkDefaults());
} catch (error) {
  // A typing mistake deserves a sentence; only a defect deserves a stack trace.
  if (!(error instanceof InvalidContext)) throw error;
  console.error(error.message);
  process.exit(1);
}
