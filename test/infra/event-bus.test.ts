import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { wholeEvent } from '../../lib/constructs/event-schemas.ts';
import { eventSchemas } from '../../lib/contracts/events/event-schemas.ts';
import { onlyResource, resourcesOf, synthesizeKind, synthesizeOne, written } from './synthesis.ts';

interface RuleProperties {
  readonly EventBusName?: unknown;
  readonly EventPattern?: unknown;
  readonly Name?: string;
  readonly State: string;
  readonly Targets: readonly {
    readonly Arn: unknown;
    readonly DeadLetterConfig?: { readonly Arn: unknown };
    readonly RetryPolicy: unknown;
  }[];
}

interface QueuePolicy {
  readonly PolicyDocument: {
    readonly Statement: readonly {
      Action: unknown;
      Condition?: unknown;
      Effect: string;
      Principal: unknown;
    }[];
  };
  readonly Queues: readonly unknown[];
}

const stack = synthesizeOne('prod');
const bus = onlyResource<{ Name: string }>(stack, 'AWS::Events::EventBus');
const queueNames = new Map(
  resourcesOf<{ QueueName: string }>(stack, 'AWS::SQS::Queue').map(({ id, properties }) => [
    `<${id}.Arn>`,
    properties.QueueName,
  ]),
);
const rules = resourcesOf<RuleProperties>(stack, 'AWS::Events::Rule').filter(
  ({ properties }) => properties.EventPattern !== undefined,
);
const [webhooks] = rules;

describe('the event bus', () => {
  it('is one of our own, with an archive of our events', () => {
    expect(bus.properties.Name).toBe('holdfast-prod');
    const archive = (stage: string) =>
      onlyResource<{ SourceArn: unknown }>(synthesizeOne(stage), 'AWS::Events::Archive').properties;
    expect(archive('prod')).toMatchObject({ EventPattern: { source: ['holdfast'] }, RetentionDays: 90 });
    expect(archive('dev')).toMatchObject({ RetentionDays: 7 });
    expect(written(archive('prod').SourceArn)).toBe(`<${bus.id}.Arn>`);
  });

  it('hands every event to the queue of webhooks, for as long as it can', () => {
    expect(rules.map(({ properties }) => properties.Name)).toEqual(['webhooks']);
    expect(webhooks?.properties).toMatchObject({
      EventBusName: { Ref: bus.id },
      EventPattern: { source: ['holdfast'] },
      State: 'ENABLED',
    });
    const targets = webhooks?.properties.Targets ?? [];
    expect(targets.map(({ Arn }) => queueNames.get(written(Arn)))).toEqual(['holdfast-prod-notices']);
    expect(targets[0]?.RetryPolicy).toEqual({
      MaximumEventAgeInSeconds: 86_400,
      MaximumRetryAttempts: 185,
    });
  });

  it('has a dead-letter queue for each target, and no two targets share one', () => {
    const targets = rules.flatMap(({ properties }) => properties.Targets);
    const deadLetters = targets.map(({ DeadLetterConfig }) => queueNames.get(written(DeadLetterConfig?.Arn)));
    expect(deadLetters).toEqual(['holdfast-prod-targets-dlq']);
    expect(new Set(deadLetters).size).toBe(targets.length);
  });

  it('may send to the queue and to its dead letters by that rule, and nobody else may', () => {
    const allowing = resourcesOf<QueuePolicy>(stack, 'AWS::SQS::QueuePolicy').flatMap(({ properties }) =>
      properties.PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow').map((statement) => ({
        queue: properties.Queues.map((queue) => queueNames.get(`${written(queue).slice(0, -1)}.Arn>`)).join(),
        ...statement,
      })),
    );
    expect(allowing.map(({ queue }) => queue).toSorted()).toEqual([
      'holdfast-prod-notices',
      'holdfast-prod-targets-dlq',
    ]);
    for (const statement of allowing) {
      expect([statement.Action].flat()).toContain('sqs:SendMessage');
      expect(statement.Principal).toEqual({ Service: 'events.amazonaws.com' });
      expect(statement.Condition).toEqual({
        ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [webhooks?.id, 'Arn'] } },
      });
    }
  });
});

describe('the schema registry', () => {
  interface SchemaProperties {
    readonly Content: string;
    readonly RegistryName: unknown;
    readonly SchemaName: string;
    readonly Type: string;
  }
  const [own] = synthesizeKind('schemas', { stage: 'prod', regions: 'us-east-1' });
  if (own === undefined) throw new Error('No stack was synthesised.');
  const registry = onlyResource<{ RegistryName: string }>(own, 'AWS::EventSchemas::Registry');
  const schemas = resourcesOf<SchemaProperties>(own, 'AWS::EventSchemas::Schema').map(
    ({ properties }) => properties,
  );

  it('has an entry for each type of event, and no other', () => {
    expect(registry.properties.RegistryName).toBe('holdfast-prod');
    const expected = eventSchemas().map(({ detailType }) => `holdfast@${detailType}`);
    expect(schemas.map(({ SchemaName }) => SchemaName).toSorted()).toEqual(expected.toSorted());
    for (const { RegistryName } of schemas)
      expect(written(RegistryName)).toBe(`<${registry.id}.RegistryName>`);
  });

  it('describes the event as a rule sees it, in a draft that EventBridge reads', () => {
    for (const { Content, SchemaName, Type } of schemas) {
      expect(Type).toBe('JSONSchemaDraft4');
      const { $schema, ...content } = JSON.parse(Content);
      expect($schema).toBe('http://json-schema.org/draft-04/schema#');
      const [source, type] = SchemaName.split('@');
      expect(content.properties).toMatchObject({
        source: { enum: [source] },
        'detail-type': { enum: [type] },
        detail: { type: 'object' },
      });
      expect(content.required).toEqual(['source', 'detail-type', 'detail']);
      for (const [, name = ''] of Content.matchAll(/"\$ref":"(.*?)"/g)) {
        const [, definition = ''] = /^#\/definitions\/(.+)$/.exec(name) ?? [];
        expect(Object.keys(content.definitions)).toContain(definition);
      }
    }
  });

  it('keeps what a contract refers to where the references find it', () => {
    const schema = {
      $schema: 'http://json-schema.org/draft-04/schema#',
      type: 'object',
      properties: { sku: { $ref: '#/definitions/Sku' } },
      definitions: { Sku: { type: 'string' } },
    };
    const { $schema: _draft, ...event } = wholeEvent({ detailType: 'stock.out', schema });
    const validate = new Ajv().compile(event);
    const eventWith = (sku: unknown) => ({ source: 'holdfast', 'detail-type': 'stock.out', detail: { sku } });
    expect(validate(eventWith('KEYBOARD-01'))).toBe(true);
    expect(validate(eventWith(7))).toBe(false);
    expect(validate({ ...eventWith('KEYBOARD-01'), source: 'somebody.else' })).toBe(false);
    expect(JSON.stringify(event)).not.toContain('$schema');
  });
});
