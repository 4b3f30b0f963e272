/** The queues of one region over the SDK, for the tool that looks after dead letters. */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import {
  type MoveTask,
  type Queue,
  type QueuePort,
  QueueServiceError,
  type ReceivedMessage,
} from '../../operate/dead-letters/queue-port.ts';
import { asReceived, toAttributes } from './received-messages.ts';

/** The most that one call receives. */
const RECEIVE_MAX = 10;
/** Long enough that every server of the queue is asked, not only some; a short poll may miss what is there. */
const WAIT_SECONDS = 1;
/** A call waits for messages a second at most; after ten the answer is lost. */
const TIMEOUT_MS = 10_000;
const ATTEMPTS_MAX = 3;

/** What services answer that do not know an operation. */
const UNKNOWN_OPERATION: ReadonlySet<string> = new Set([
  'InvalidAction',
  'UnknownOperationException',
  'UnsupportedOperation',
]);

export interface QueueAccess {
  readonly region: string;
  /** @default the region's own */
  readonly endpoint?: string;
  /** @default what the SDK finds: environment, profile, role */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** What to do about a failure is in its message: no stack trace helps whoever lacks a permission. */
function explain(error: unknown, region: string): QueueServiceError {
  const reason = error instanceof Error ? error.message || error.name : String(error);
  const next = 'Check the credentials, their permissions for SQS, the stage and the region.';
  return new QueueServiceError(`The queues of ${region} cannot be used: ${reason} ${next}`, { cause: error });
}

function createClient({ region, endpoint, credentials }: QueueAccess): SQSClient {
  return new SQSClient({
    region,
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: { requestTimeout: TIMEOUT_MS, throwOnRequestTimeout: true },
    ...(credentials !== undefined && { credentials }),
    // An emulator writes names into its addresses that only it can resolve.
    ...(endpoint !== undefined && { endpoint, useQueueUrlAsEndpoint: false }),
  });
}

async function find(client: SQSClient, region: string, name: string): Promise<Queue | undefined> {
  try {
    const { QueueUrl: url = '' } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
    const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] });
    const { Attributes } = await client.send(command);
    return { name, region, url, arn: Attributes?.QueueArn ?? '' };
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}

async function depth(client: SQSClient, { url }: Queue) {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  const of = (name: keyof typeof Attributes) => Number(Attributes[name] ?? 0);
  return {
    waiting: of('ApproximateNumberOfMessages') + of('ApproximateNumberOfMessagesDelayed'),
    inFlight: of('ApproximateNumberOfMessagesNotVisible'),
  };
}

async function receive(client: SQSClient, { url }: Queue, hiddenSeconds: number) {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: RECEIVE_MAX,
      WaitTimeSeconds: WAIT_SECONDS,
      VisibilityTimeout: hiddenSeconds,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages.map(asReceived);
}

async function release(client: SQSClient, { url }: Queue, messages: readonly ReceivedMessage[]) {
  for (let start = 0; start < messages.length; start += RECEIVE_MAX) {
    const entries = messages.slice(start, start + RECEIVE_MAX).map(({ receipt }, index) => ({
      Id: String(index),
      ReceiptHandle: receipt,
      VisibilityTimeout: 0,
    }));
    // What cannot be shown again, because its time is over or it is gone, needs no more.
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries: entries }));
  }
}

async function startMove(client: SQSClient, from: Queue, to: Queue): Promise<boolean> {
  try {
    // The destination is named: messages that were sent here directly have no queue that they came from.
    const task = { SourceArn: from.arn, DestinationArn: to.arn };
    await client.send(new StartMessageMoveTaskCommand(task));
    return true;
  } catch (error) {
    if (UNKNOWN_OPERATION.has(nameOf(error))) return false;
    throw error;
  }
}

async function lastMove(client: SQSClient, { arn }: Queue): Promise<MoveTask | undefined> {
  const command = new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 1 });
  const { Results: [task] = [] } = await client.send(command);
  if (task === undefined) return undefined;
  const { Status, ApproximateNumberOfMessagesMoved, ApproximateNumberOfMessagesToMove, FailureReason } = task;
  return {
    isRunning: Status === 'RUNNING' || Status === 'CANCELLING',
    moved: ApproximateNumberOfMessagesMoved ?? 0,
    ...(ApproximateNumberOfMessagesToMove !== undefined && { total: ApproximateNumberOfMessagesToMove }),
    ...(FailureReason !== undefined && { failure: FailureReason }),
  };
}

/** Opens the queues of a region. */
export function createDeadLetterQueues(access: QueueAccess): QueuePort {
  const client = createClient(access);
  const { region } = access;
  const told = async <Answer>(call: Promise<Answer>): Promise<Answer> => {
    try {
      return await call;
    } catch (error) {
      throw explain(error, region);
    }
  };
  return {
    find: (name) => told(find(client, region, name)),
    depth: (queue) => told(depth(client, queue)),
    receive: (queue, hiddenSeconds) => told(receive(client, queue, hiddenSeconds)),
    release: (queue, messages) => told(release(client, queue, messages)),
    send: async ({ url }, { body, attributes }) => {
      const message = { QueueUrl: url, MessageBody: body, MessageAttributes: toAttributes(attributes) };
      await told(client.send(new SendMessageCommand(message)));
    },
    remove: async ({ url }, { receipt }) => {
      await told(client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt })));
    },
    startMove: (from, to) => told(startMove(client, from, to)),
    lastMove: (from) => told(lastMove(client, from)),
    close: () => client.destroy(),
  };
}
