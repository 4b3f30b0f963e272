import { CfnRegistry, CfnSchema } from 'aws-cdk-lib/aws-eventschemas';
import { Construct } from 'constructs';
import { EVENT_SOURCE, eventBusName } from '../config/events.ts';
import type { Deployment } from '../config/stages.ts';
import { type EventSchema, eventSchemas } from '../contracts/events/event-schemas.ts';

const DRAFT_4 = 'http://json-schema.org/draft-04/schema#';

export interface EventSchemasProps {
  readonly deployment: Deployment;
}

/**
 * What each type of event looks like, where partners find it: in the schema registry of their own account's region.
 * The only construct that looks at contracts. They are plain schemas, and a copy of them would be a second truth.
 */
export class EventSchemas extends Construct {
  constructor(scope: Construct, id: string, { deployment }: EventSchemasProps) {
    super(scope, id);
    const registry = new CfnRegistry(this, 'Registry', {
      registryName: eventBusName(deployment.stage),
      description: `Events of Holdfast, stage ${deployment.stage}.`,
    });
    for (const event of eventSchemas()) {
      new CfnSchema(this, event.detailType, {
        registryName: registry.attrRegistryName,
        // EventBridge names the schemas that it discovers by itself like this.
        schemaName: `${EVENT_SOURCE}@${event.detailType}`,
        type: 'JSONSchemaDraft4',
        content: JSON.stringify(wholeEvent(event)),
      });
    }
  }
}

/**
 * The event as a rule sees it, around the detail that the contract describes.
 *
 * @param schema of the detail; its `definitions` become those of the whole, because references name them by their path.
 */
export function wholeEvent({ detailType, schema }: EventSchema) {
  const { $schema: _draft, definitions, ...detail } = schema;
  return {
    $schema: DRAFT_4,
    title: detailType,
    type: 'object',
    required: ['source', 'detail-type', 'detail'],
    properties: {
      source: { enum: [EVENT_SOURCE] },
      'detail-type': { enum: [detailType] },
      detail,
    },
    ...(definitions !== undefined && { definitions }),
  };
}
