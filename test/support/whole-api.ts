/**
 * Every function of the API as it deploys but for its bundle, with the authorizer in front: its handler, its use cases, its store on DynamoDB Local,
 * its credentials. Permissions of the sessions of tenants are enforced. What the functions write can be looked at.
 */
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import type { HttpHandler } from '../../lambdas/http/http-handler.ts';
import { ENVIRONMENT } from '../../lib/config/environment.ts';
import { ROUTES } from '../../lib/config/routes.ts';
import { LOCAL_CREDENTIALS } from '../../lib/local/credentials.ts';
import { partitionKeys } from '../../lib/local/iam/stack-access.ts';
import { CallCosts } from '../../lib/local/meter/call-costs.ts';
import { Meter } from '../../lib/local/meter/meter.ts';
import { DatabaseProxy, newReachability } from '../../lib/local/proxy/database-proxy.ts';
import { Faults } from '../../lib/local/proxy/faults.ts';
import { seed } from '../../lib/local/seed.ts';
import { synthesise } from '../../lib/local/synthesis/synthesise.ts';
import { readTables } from '../../lib/local/template/tables.ts';
import { frontDoor } from '../handlers/front-door.ts';
import { eventOf, type SentRequest } from '../handlers/gateway-events.ts';
import { type LocalDatabase, startLocalDatabase } from './local-database.ts';
import { startTokens } from './tenant-tokens.ts';

export const REGION = 'us-east-1';
/** Nobody listens there: what functions send goes nowhere, and they must bear it. */
const NOWHERE = 'http://127.0.0.1:9';

/** An answer with its body parsed. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are JSON of any shape; the tests say what they expect.
  readonly body: any;
}

function answerOf({ statusCode, headers = {}, body }: APIGatewayProxyResult): ApiAnswer {
  const isJson = String(headers['Content-Type']).includes('json');
  return { status: statusCode, headers, text: body, body: isJson ? JSON.parse(body) : undefined };
}

function environment(
  database: LocalDatabase,
  endpoints: { readonly database: string; readonly tokens: string; readonly roleArn: string },
) {
  return {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL: NOWHERE,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.database,
    AWS_ENDPOINT_URL_STS: endpoints.tokens,
    [ENVIRONMENT.tableName]: database.tableName,
    [ENVIRONMENT.readTableName]: database.readTableName,
    [ENVIRONMENT.regions]: REGION,
    [ENVIRONMENT.databaseTimeoutMs]: '20000',
    [ENVIRONMENT.version]: '1.0.0',
    [ENVIRONMENT.stage]: 'local',
    [ENVIRONMENT.tenantRoleArn]: endpoints.roleArn,
    [ENVIRONMENT.webhookTargets]: 'loopback',
    [ENVIRONMENT.eventBusName]: 'bus',
    [ENVIRONMENT.logStreamName]: 'log',
    [ENVIRONMENT.ordersQueueUrl]: `${NOWHERE}/000000000000/orders`,
    [ENVIRONMENT.deliveriesQueueUrl]: `${NOWHERE}/000000000000/deliveries`,
    [ENVIRONMENT.changesDlqUrl]: `${NOWHERE}/000000000000/changes`,
    [ENVIRONMENT.ownQueueUrl]: `${NOWHERE}/000000000000/own`,
    POWERTOOLS_SERVICE_NAME: 'test',
    POWERTOOLS_METRICS_NAMESPACE: 'Holdfast',
    POWERTOOLS_LOG_LEVEL: 'DEBUG',
  };
}

/** The database behind a proxy, and STS. */
async function openServices(database: LocalDatabase) {
  const { stacks } = await synthesise({ regions: [REGION], bundle: false });
  const tables = readTables(stacks, REGION);
  const endpoint = String(database.connection.endpoint);
  const own = {
    region: REGION,
    endpoint,
    costs: new CallCosts(endpoint, tables),
    keys: partitionKeys(tables),
    reachable: newReachability(),
  };
  const faults = new Faults();
  const { tokens, principals, roleArn } = await startTokens(faults);
  const meter = new Meter();
  meter.begin('environment', 'TEST');
  const proxy = new DatabaseProxy({ own, databases: new Map([[REGION, own]]), faults, meter, principals });
  await proxy.open();
  return { proxy, tokens, roleArn, faults, endpoint };
}

/** What is written to stdout and stderr from now on, by whichever way. */
function listen() {
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = ((chunk: unknown, ...rest: never[]) => {
      lines.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('utf8'));
      const done = rest.at(-1) as unknown;
      if (typeof done === 'function') done();
      return true;
    }) as typeof stream.write;
    restore.push(() => {
      stream.write = write;
    });
  }
  return lines;
}
const restore: (() => void)[] = [];

/** Starts it. */
export async function startWholeApi() {
  const database = await startLocalDatabase();
  const services = await openServices(database);
  const endpoints = {
    database: services.proxy.endpointFor('environment'),
    tokens: services.tokens.url,
    roleArn: services.roleArn,
  };
  Object.assign(process.env, environment(database, endpoints));
  const target = { region: REGION, endpoint: services.endpoint, tableName: database.tableName };
  const keys = await seed({ targets: [target], catalogue: 'none', replicated: async () => {} });
  const { dependencies: authorizer } = await import('../../lambdas/authorizer/dependencies.ts');
  const handlers = new Map<string, ReturnType<typeof frontDoor>>();
  for (const name of new Set(ROUTES.map((route) => route.function))) {
    const module = (await import(`../../lambdas/${name}/handler.ts`)) as { readonly handler: HttpHandler };
    const context = { awsRequestId: 'aws-1' } as Context;
    handlers.set(
      name,
      frontDoor(authorizer, (event) => module.handler(event, context)),
    );
  }
  const send = async (sent: SentRequest): Promise<ApiAnswer> => {
    const event = eventOf(sent);
    const route = ROUTES.find(({ path, method }) => path === event.resource && method === event.httpMethod);
    const handler = handlers.get(route?.function ?? 'system');
    if (handler === undefined) throw new Error(`No function serves ${sent.path}.`);
    return answerOf(await handler(event));
  };
  return {
    ...services,
    database,
    keys,
    send,
    listen,
    stop: async () => {
      for (const undo of restore.splice(0)) undo();
      await Promise.all([services.proxy.close(), services.tokens.close()]);
      await database.stop();
    },
  };
}

export type WholeApi = Awaited<ReturnType<typeof startWholeApi>>;
