import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:http';

/** DynamoDB Local checks the form of a signature, never the signature itself. */
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

const agent = new Agent({ keepAlive: true });

/** Operations of DynamoDB Streams, a service of its own at the same address. */
const STREAM_OPERATIONS = new Set(['DescribeStream', 'GetRecords', 'GetShardIterator']);

/** `DynamoDB_20120810.PutItem` */
function targetOf(operation: string): string {
  return `${STREAM_OPERATIONS.has(operation) ? 'DynamoDBStreams' : 'DynamoDB'}_20120810.${operation}`;
}

/** An answer of the database other than success. */
export class DatabaseError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** `com.amazonaws.dynamodb.v20120810#ResourceInUseException` is `ResourceInUseException`. */
function errorName(type: unknown): string {
  return typeof type === 'string' ? type.slice(type.lastIndexOf('#') + 1) : 'UnknownError';
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(endpoint: string, operation: string, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(endpoint, {
      method: 'POST',
      agent,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(body),
        'x-amz-target': targetOf(operation),
        authorization: AUTHORIZATION,
      },
    });
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/**
 * Calls DynamoDB Local without an SDK: the embedded stack's own calls (tables, look-ups of the meter) need
 * no retries and no signatures, and a client costs start-up time.
 *
 * @throws DatabaseError with DynamoDB's error name when the answer is not a success.
 */
export async function callDatabase<Output>(
  endpoint: string,
  operation: string,
  input: object,
): Promise<Output> {
  const response = await send(endpoint, operation, JSON.stringify(input));
  const text = await readText(response);
  if (response.statusCode === 200) return JSON.parse(text) as Output;
  const failure = JSON.parse(text || '{}') as { __type?: unknown; message?: string; Message?: string };
  throw new DatabaseError(errorName(failure.__type), failure.message ?? failure.Message ?? text);
}
