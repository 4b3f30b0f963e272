import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EdgeDistribution, type EdgeDistributionProps } from '../constructs/edge-distribution.ts';
import { stackPropsOf } from './region-props.ts';

/** CloudFront takes certificates of this region only, whatever regions serve. */
const CERTIFICATE_REGION = 'us-east-1';

/** What stands before all regions. */
export class EdgeStack extends Stack {
  constructor(scope: Construct, props: EdgeDistributionProps) {
    const { deployment } = props;
    super(
      scope,
      'edge',
      stackPropsOf({ region: CERTIFICATE_REGION, deployment }, 'what stands before all regions'),
    );
    new EdgeDistribution(this, 'Edge', props);
  }
}
