import { createDocument } from 'zod-openapi';
import { EVENT_NAMES, EVENTS, type EventName } from './events/catalogue.ts';
import { detailOf } from './events/event-contract.ts';

const DESCRIPTION = [
  'What happens to stock, reservations, orders and shipments, on the event bus of each region.',
  '',
  'Every event is delivered at least once, and has the same `id` on every delivery: forget what you have seen.',
  'Deliveries may come in another order; `sequence` rises with each event of a subject.',
].join('\n');

const CHANNEL = 'events';
const SECURITY_SCHEME = 'iam';
const SENT_LATER = 'Not sent yet: a later release sends it.';

export interface AsyncApiOptions {
  /** Version of the release. */
  readonly version: string;
}

/** `stock.received` is `StockReceived`. */
const titleOf = (name: EventName): string =>
  name.replaceAll(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase());

const reference = (path: string) => ({ $ref: `#/${path}` });

/**
 * Schemas as AsyncAPI understands them, which is draft 7 of JSON Schema: nothing stands beside a reference, and examples
 * are a list.
 */
function asDraft7(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(asDraft7);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { example, ...rest } = schema as Readonly<Record<string, unknown>>;
  if (typeof rest['$ref'] === 'string') return { $ref: rest['$ref'] };
  const entries = Object.entries(rest).map(([name, value]) => [name, asDraft7(value)]);
  return { ...Object.fromEntries(entries), ...(example === undefined ? {} : { examples: [example] }) };
}

/** Schemas of all details, and of what they share. The generator of the OpenAPI document makes them: places are the same. */
function schemas(): Readonly<Record<string, object>> {
  const details = EVENT_NAMES.map((name) => {
    const { summary, data } = EVENTS[name];
    return [titleOf(name), detailOf(data).meta({ description: summary })] as const;
  });
  const document = createDocument(
    {
      openapi: '3.1.1',
      info: { title: 'Holdfast', version: '1' },
      components: { schemas: Object.fromEntries(details) },
    },
    {
      override: ({ jsonSchema }) => {
        // Events may gain fields in a later release; a consumer must not refuse them.
        if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    },
  );
  return asDraft7(document.components?.schemas ?? {}) as Readonly<Record<string, object>>;
}

function messageOf(name: EventName) {
  const { summary, subject, sequence, isSent } = EVENTS[name];
  const lines = [`Subject: ${subject}`, `Sequence: ${sequence}`, ...(isSent ? [] : [SENT_LATER])];
  return {
    name,
    title: titleOf(name),
    summary,
    description: lines.join('\n\n'),
    contentType: 'application/json',
    payload: reference(`components/schemas/${titleOf(name)}`),
  };
}

const SECURITY = [reference(`components/securitySchemes/${SECURITY_SCHEME}`)];

const SERVER = {
  host: 'events.{region}.amazonaws.com',
  protocol: 'eventbridge',
  description: 'Amazon EventBridge. A rule on the bus brings events to a target of yours.',
  security: SECURITY,
  variables: { region: { description: 'A region of the deployment.', default: 'us-east-1' } },
};

const SECURITY_SCHEMES = {
  [SECURITY_SCHEME]: {
    type: 'http',
    scheme: 'AWS4-HMAC-SHA256',
    description: 'The role of whoever puts events, or makes rules, on the bus.',
  },
};

const channelOf = (titles: readonly string[]) => ({
  address: 'holdfast-{stage}',
  title: 'Event bus',
  description:
    'The bus. `source` is `holdfast`, `detail-type` the name of the message, `detail` its payload.',
  servers: [reference('servers/bus')],
  parameters: { stage: { description: 'The stage of the deployment.', default: 'prod' } },
  messages: Object.fromEntries(titles.map((title) => [title, reference(`components/messages/${title}`)])),
});

/** Generates the AsyncAPI 3.0 document from the contracts of the events: there is no second source. */
export function createAsyncApi({ version }: AsyncApiOptions) {
  const messages = Object.fromEntries(EVENT_NAMES.map((name) => [titleOf(name), messageOf(name)]));
  const titles = Object.keys(messages);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Holdfast events', version, description: DESCRIPTION },
    defaultContentType: 'application/json',
    servers: { bus: SERVER },
    channels: { [CHANNEL]: channelOf(titles) },
    operations: {
      sendEvents: {
        action: 'send',
        summary: 'Tell what has happened in a region.',
        channel: reference(`channels/${CHANNEL}`),
        security: SECURITY,
        messages: titles.map((title) => reference(`channels/${CHANNEL}/messages/${title}`)),
      },
    },
    components: { messages, schemas: schemas(), securitySchemes: SECURITY_SCHEMES },
  };
}
