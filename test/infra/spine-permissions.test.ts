import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '../../lib/config/environment.ts';
import type { FunctionName } from '../../lib/config/functions.ts';
import { permissionsOf } from './policies.ts';
import { functionsOf, resourcesOf, type SynthesizedStack, synthesize } from './synthesis.ts';

const consume = (queue: string): string[] =>
  ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map(
    (action) => `sqs:${action} holdfast-prod-${queue}`,
  );
const send = (queue: string): string => `sqs:SendMessage holdfast-prod-${queue}`;
const PUT_EVENTS = 'events:PutEvents holdfast-prod';
const PUT_LOG = 'firehose:PutRecordBatch holdfast-prod-log';

const { ordersQueueUrl, deliveriesQueueUrl, changesDlqUrl, eventBusName, logStreamName } = ENVIRONMENT;
const SENDERS_VARIABLES: readonly string[] = [
  ordersQueueUrl,
  deliveriesQueueUrl,
  changesDlqUrl,
  eventBusName,
  logStreamName,
];

/** What the functions behind the stream may do besides reading and writing, and the variables that go with it. */
const SPINE: { readonly [Name in FunctionName]?: { permissions: string[]; variables: string[] } } = {
  complete: {
    permissions: [...consume('changes'), send('changes-dlq'), send('orders'), PUT_EVENTS, PUT_LOG],
    variables: [changesDlqUrl, ordersQueueUrl, eventBusName, logStreamName],
  },
  sweep: {
    permissions: [send('orders'), send('deliveries'), PUT_EVENTS, PUT_LOG],
    variables: [ordersQueueUrl, deliveriesQueueUrl, eventBusName, logStreamName],
  },
  orders: { permissions: consume('orders'), variables: [] },
  notify: { permissions: [...consume('notices'), send('deliveries')], variables: [deliveriesQueueUrl] },
  deliver: { permissions: consume('deliveries'), variables: [] },
  audit: { permissions: [], variables: [] },
};

/** Physical names by ARN, as `written` writes it. */
function physicalNamesOf(stack: SynthesizedStack): ReadonlyMap<string, string | undefined> {
  interface NamedProperties {
    readonly QueueName?: string;
    readonly Name?: string;
    readonly DeliveryStreamName?: string;
  }
  const types = ['AWS::SQS::Queue', 'AWS::Events::EventBus', 'AWS::KinesisFirehose::DeliveryStream'];
  const resources = types.flatMap((type) => resourcesOf<NamedProperties>(stack, type));
  return new Map(
    resources.map(({ id, properties }) => [
      `<${id}.Arn>`,
      properties.QueueName ?? properties.Name ?? properties.DeliveryStreamName,
    ]),
  );
}

/** One secret, whose last six characters nobody knows before. */
const CANARY_SECRET = (region: string) =>
  `secretsmanager:GetSecretValue arn:aws:secretsmanager:${region}:<AWS::AccountId>:secret:holdfast/prod/canary-key-??????`;

const stacks = synthesize({ stage: 'prod', regions: 'us-east-1,eu-west-1' });

describe.each(stacks)('what is behind the stream, in $region', (stack) => {
  const names = [...functionsOf(stack).keys()].filter((name) => name !== 'rotate') as FunctionName[];

  it.each(names)(
    '%s reaches the queues, the bus and the log that it works with, and nothing else',
    (name) => {
      const permissions = permissionsOf(stack, name).filter(
        (permission) => !/^(dynamodb|logs|sts):/.test(permission),
      );
      const named = permissions.map((permission) => {
        const [action, arn = ''] = permission.split(' ');
        return `${action} ${physicalNamesOf(stack).get(arn) ?? arn}`;
      });
      const spine = named.filter((permission) => !permission.startsWith('secretsmanager:'));
      expect(spine.toSorted()).toEqual((SPINE[name]?.permissions ?? []).toSorted());
      const secrets = named.filter((permission) => permission.startsWith('secretsmanager:'));
      expect(secrets).toEqual(name === 'canary' ? [CANARY_SECRET(stack.region)] : []);
    },
  );

  it.each(names)('%s knows where to find what it may send to, and nothing else', (name) => {
    const variables = Object.keys(functionsOf(stack).get(name)?.properties.Environment.Variables ?? {});
    const sent = variables.filter((variable) => SENDERS_VARIABLES.includes(variable));
    expect(sent.toSorted()).toEqual((SPINE[name]?.variables ?? []).toSorted());
  });
});
