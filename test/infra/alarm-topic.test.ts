import { describe, expect, it } from 'vitest';
import { onlyResource, resourcesOf, type SynthesizedStack, synthesize, written } from './synthesis.ts';

interface AlarmProperties {
  readonly AlarmActions?: readonly unknown[];
  readonly OKActions?: readonly unknown[];
  readonly AlarmDescription: string;
}

interface PolicyDocument {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Principal: unknown;
    readonly Condition?: unknown;
  }[];
}

const regions = 'us-east-1,eu-west-1';
const told = synthesize({ stage: 'prod', regions, alarmEmail: 'oncall@example.com' });
const [silent] = synthesize({ stage: 'prod', regions }) as [SynthesizedStack];

const alarmsOf = (stack: SynthesizedStack) =>
  ['Alarm', 'CompositeAlarm'].flatMap((type) =>
    resourcesOf<AlarmProperties>(stack, `AWS::CloudWatch::${type}`),
  );

/** The windows of a promise: their composite alarm tells. */
const isWindow = (id: string) => /Objectives.*(Long|Short)/.test(id);

describe.each(told.map((stack) => [stack.region, stack] as const))(
  'who is told of alarms in %s',
  (_, stack) => {
    const topic = onlyResource<{ KmsMasterKeyId: unknown }>(stack, 'AWS::SNS::Topic');

    it('hears of each of them, when it begins and when it is over', () => {
      const alarms = alarmsOf(stack);
      expect(alarms.length).toBeGreaterThan(30);
      const deaf = alarms.filter(
        ({ properties: { AlarmActions = [], OKActions = [] } }) =>
          written(AlarmActions[0]) !== `<${topic.id}>` || written(OKActions[0]) !== `<${topic.id}>`,
      );
      expect(deaf.filter(({ id }) => !isWindow(id))).toEqual([]);
      expect(deaf).toHaveLength(12);
    });

    it('is the address that was given', () => {
      expect(onlyResource(stack, 'AWS::SNS::Subscription').properties).toEqual({
        Endpoint: 'oncall@example.com',
        Protocol: 'email',
        TopicArn: { Ref: topic.id },
      });
    });

    it('gets what nobody else can read, and what nobody but CloudWatch of this account can send', () => {
      const named = written(topic.properties.KmsMasterKeyId);
      const keys = resourcesOf<{ KeyPolicy: PolicyDocument }>(stack, 'AWS::KMS::Key');
      const key = keys.find(({ id }) => named === `<${id}.Arn>`);
      expect(named).toMatch(/^<WatchTopicKey/);
      const { PolicyDocument } = onlyResource<{ PolicyDocument: PolicyDocument }>(
        stack,
        'AWS::SNS::TopicPolicy',
      ).properties;
      const ours = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
      const cloudWatch = { Service: 'cloudwatch.amazonaws.com' };
      expect(key?.properties.KeyPolicy.Statement[1]).toMatchObject({
        Principal: cloudWatch,
        Condition: ours,
      });
      expect(PolicyDocument.Statement).toMatchObject([
        { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        { Effect: 'Allow', Principal: cloudWatch, Condition: ours },
      ]);
    });
  },
);

it('nobody is told, and nothing is paid, without an address', () => {
  expect(resourcesOf(silent, 'AWS::SNS::Topic')).toEqual([]);
  expect(alarmsOf(silent).filter(({ properties }) => properties.AlarmActions !== undefined)).toEqual([]);
});
