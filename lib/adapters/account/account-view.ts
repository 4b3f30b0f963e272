/** The services of the account over the SDK, for the command that proves a deployment. */
import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientSettings, type OutletConnection } from '../outlets/client-settings.ts';

/** Connects to a region; whoever calls is in none, so answers may take a while. */
export type Connect = (region: string) => OutletConnection;

async function describeReplica(connection: OutletConnection, TableName: string) {
  const client = new DynamoDBClient(clientSettings(connection));
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const { ContinuousBackupsDescription: backups } = await client.send(
    new DescribeContinuousBackupsCommand({ TableName }),
  );
  const recovery = backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  return {
    status: Table?.TableStatus ?? 'missing',
    hasStream: Table?.StreamSpecification?.StreamEnabled === true,
    isProtected: Table?.DeletionProtectionEnabled === true,
    recoversToAnySecond: recovery === 'ENABLED',
    keyArn: Table?.SSEDescription?.KMSMasterKeyArn,
  };
}

async function streamMappings(connection: OutletConnection, TableName: string) {
  const dynamoDb = new DynamoDBClient(clientSettings(connection));
  const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
  if (Table?.LatestStreamArn === undefined) return [];
  const lambda = new LambdaClient(clientSettings(connection));
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ EventSourceArn: Table.LatestStreamArn }),
  );
  return EventSourceMappings.map(({ FunctionArn = '', State = '', LastProcessingResult = '' }) => ({
    functionName: FunctionArn.split(':')[6] ?? '',
    state: State,
    lastResult: LastProcessingResult,
  }));
}

async function listAlarms(connection: OutletConnection, prefix: string) {
  const client = new CloudWatchClient(clientSettings(connection));
  const alarms: { name: string; state: string }[] = [];
  // As many pages as there are alarms of one stage: some dozens.
  for await (const page of paginateDescribeAlarms({ client }, { AlarmNamePrefix: prefix })) {
    for (const { AlarmName = '', StateValue = '' } of page.MetricAlarms ?? []) {
      alarms.push({ name: AlarmName, state: StateValue });
    }
  }
  return alarms;
}

/** The account as it is now; each answer is asked for when it is needed. */
export const createAccountView = (connect: Connect) => ({
  replica: (region: string, tableName: string) => describeReplica(connect(region), tableName),
  streamMappings: (region: string, tableName: string) => streamMappings(connect(region), tableName),
  alarms: (region: string, prefix: string) => listAlarms(connect(region), prefix),
  async keyBehind(region: string, alias: string): Promise<string> {
    const client = new KMSClient(clientSettings(connect(region)));
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: alias }));
    return KeyMetadata?.Arn ?? '';
  },
  async secret(region: string, name: string): Promise<string> {
    const client = new SecretsManagerClient(clientSettings(connect(region)));
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    return SecretString ?? '';
  },
});
