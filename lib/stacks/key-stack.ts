import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { TableKey } from '../constructs/table-key.ts';
import { type RegionProps, stackPropsOf } from './region-props.ts';

/** The key of one region's tables. It comes before the table, and it stays when all else is gone. */
export class KeyStack extends Stack {
  constructor(scope: Construct, props: RegionProps) {
    super(scope, `keys-${props.region}`, stackPropsOf(props, 'the key of its tables'));
    new TableKey(this, 'TableKey', props);
  }
}
