import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EventSchemas } from '../constructs/event-schemas.ts';
import { type RegionProps, stackPropsOf } from './region-props.ts';

/**
 * What the events of a region look like. A stack of its own, because a stack has 500 resources at most and each type of
 * event is one; nothing needs it, and it needs nothing.
 */
export class SchemaStack extends Stack {
  constructor(scope: Construct, props: RegionProps) {
    super(scope, `schemas-${props.region}`, stackPropsOf(props, 'the schemas of its events'));
    new EventSchemas(this, 'Schemas', props);
  }
}
