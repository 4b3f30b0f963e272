import { describe, expect, it } from 'vitest';
import { toItem } from '../../lib/adapters/dynamodb/items.ts';
import {
  acceptanceRecord,
  demandRecord,
  grantRecord,
  movementRecord,
  productRecord,
  quotaRecord,
  receiptRecord,
  reservationRecord,
  shipmentRecord,
  stockRecord,
} from '../support/stored-records.ts';
import {
  functionsOf,
  onlyResource,
  resourcesOf,
  type SynthesizedStack,
  synthesize,
  written,
} from './synthesis.ts';

interface MappingProperties {
  readonly EventSourceArn: unknown;
  readonly FunctionName: unknown;
  readonly DestinationConfig: { readonly OnFailure: { readonly Destination: unknown } };
  readonly FilterCriteria: { readonly Filters: readonly { readonly Pattern: string }[] };
}

const [owner, other] = synthesize({ stage: 'prod', regions: 'us-east-1,eu-west-1' }) as [
  SynthesizedStack,
  SynthesizedStack,
];
/** The one mapping whose source is no queue: only streams are read from a position. */
const mappingOf = (stack: SynthesizedStack) => {
  const mappings = resourcesOf<MappingProperties>(stack, 'AWS::Lambda::EventSourceMapping');
  const [mapping, ...others] = mappings.filter(({ properties }) => 'StartingPosition' in properties);
  if (!mapping || others.length > 0) throw new Error('Expected one consumer of the stream.');
  return mapping.properties;
};

interface Filter {
  readonly eventName: readonly string[];
  readonly dynamodb: {
    readonly Keys: { readonly sk: { readonly S: readonly (string | { readonly prefix: string })[] } };
  };
}

const [pattern, ofMovements] = mappingOf(owner).FilterCriteria.Filters;
const filter = JSON.parse(pattern?.Pattern ?? '') as Filter;

/** Whether the filter lets the change of an item through, by Lambda's rules of exact words and prefixes. */
const passes = (sk: string): boolean =>
  filter.dynamodb.Keys.sk.S.some((rule) =>
    typeof rule === 'string' ? rule === sk : sk.startsWith(rule.prefix),
  );

const ITEMS = {
  grant: toItem('grant', grantRecord(), 'us-east-1'),
  acceptance: toItem('acceptance', acceptanceRecord(), 'us-east-1'),
  stock: toItem('stock', stockRecord(), 'us-east-1'),
  quota: toItem('quota', quotaRecord(), 'us-east-1'),
  product: toItem('product', productRecord(), 'us-east-1'),
  shipment: toItem('shipment', shipmentRecord(), 'us-east-1'),
  reservation: toItem('reservation', reservationRecord(), 'us-east-1'),
  regionState: toItem(
    'regionState',
    { region: 'us-east-1', status: 'active', version: 1, beatAtMs: 1 },
    'us-east-1',
  ),
  demand: toItem('demand', demandRecord(), 'us-east-1'),
  movement: toItem('movement', movementRecord(), 'us-east-1'),
  movementReceipt: toItem('movementReceipt', receiptRecord(), 'us-east-1'),
};

describe.each([owner, other])('the stream of a region', (stack) => {
  it('feeds its function from the oldest change on, and tries again what failed', () => {
    const mapping = mappingOf(stack);
    expect(mapping).toMatchObject({
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      Enabled: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumBatchingWindowInSeconds: 1,
      MaximumRecordAgeInSeconds: 86_400,
      MaximumRetryAttempts: -1,
      ParallelizationFactor: 4,
      StartingPosition: 'TRIM_HORIZON',
    });
    expect(written(mapping.FunctionName)).toBe(`<${functionsOf(stack).get('complete')?.id}>`);
    expect(mapping.FilterCriteria.Filters).toEqual([pattern, ofMovements]);
  });

  it('says what it gave up where dead letters are looked for', () => {
    const { Destination } = mappingOf(stack).DestinationConfig.OnFailure;
    const queues = resourcesOf<{ QueueName: string }>(stack, 'AWS::SQS::Queue');
    const target = queues.find(({ id }) => written(Destination) === `<${id}.Arn>`);
    expect(target?.properties.QueueName).toBe('holdfast-prod-changes-dlq');
  });
});

describe('its filter', () => {
  it('lets what is created and what is changed through, of the kinds that are handled, and nothing else', () => {
    expect(filter.eventName).toEqual(['INSERT', 'MODIFY']);
    const passing = Object.entries(ITEMS).filter(([, { sk }]) => passes(String(sk)));
    const handled = Object.keys(ITEMS).slice(0, -3);
    expect(passing.map(([name]) => name)).toEqual(handled);
  });

  it('has a second one, for what is booked, which only the id of a movement tells', () => {
    expect(JSON.parse(ofMovements?.Pattern ?? '')).toEqual({
      eventName: ['INSERT'],
      dynamodb: { NewImage: { movementId: { S: [{ exists: true }] } } },
    });
    const named = Object.entries(ITEMS).filter(([, item]) => 'movementId' in item);
    expect(named.map(([name]) => name)).toEqual(['movement']);
  });
});

describe('its name', () => {
  it.each([owner, other])(
    'is asked for in $region, and is another resource when the table was made anew',
    (stack) => {
      const { id, properties } = onlyResource<{
        readonly Create: string;
        readonly Update: string;
        readonly InstallLatestAwsSdk: boolean;
      }>(stack, 'Custom::AWS');
      expect(written(mappingOf(stack).EventSourceArn)).toBe(`<${id}.Table.LatestStreamArn>`);
      expect(properties.Update).toBe(properties.Create);
      expect(properties.InstallLatestAwsSdk).toBe(false);
      expect(JSON.parse(properties.Create)).toEqual({
        service: 'DynamoDB',
        action: 'describeTable',
        parameters: { TableName: 'holdfast-prod' },
        physicalResourceId: { responsePath: 'Table.LatestStreamArn' },
        outputPaths: ['Table.LatestStreamArn'],
      });
    },
  );
});
