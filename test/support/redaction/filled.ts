/** Requests in which every text is a secret: filled by the schemas of the contracts, so that new fields are in it. */
import * as z from 'zod';
import type { OperationContract } from '../../../lib/contracts/operation-contract.ts';

interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema | boolean;
}

/** A new secret; each is another. */
export type Secrets = () => string;

/** What a field needs that takes not every text. */
const SHAPED: Readonly<Record<string, (secret: string) => unknown>> = {
  region: () => 'us-east-1',
  homeRegion: () => 'us-east-1',
  url: (secret) => `http://127.0.0.1:9/${secret}?token=${secret}`,
  from: () => '2026-01-01T00:00:00Z',
  to: () => '2027-01-01T00:00:00Z',
  limit: () => '1',
};

interface Filling {
  readonly secrets: Secrets;
  readonly defs: Readonly<Record<string, JsonSchema>>;
}

function fillObject(schema: JsonSchema, filling: Filling): object {
  const { properties = {}, additionalProperties } = schema;
  const own = Object.entries(properties).map(([name, inner]) => [name, fill(inner, filling, name)] as const);
  const isMap = typeof additionalProperties === 'object' && own.length === 0;
  return Object.fromEntries(isMap ? [[filling.secrets(), filling.secrets()]] : own);
}

function fill(schema: JsonSchema, filling: Filling, name = ''): unknown {
  const shaped = SHAPED[name];
  if (shaped !== undefined) return shaped(filling.secrets());
  if (schema.$ref !== undefined)
    return fill(filling.defs[schema.$ref.replace('#/$defs/', '')] ?? {}, filling, name);
  if (schema.enum !== undefined) return schema.enum[0];
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first !== undefined) return fill(first, filling, name);
  switch (schema.type) {
    case 'object':
      return fillObject(schema, filling);
    case 'array':
      return [fill(schema.items ?? {}, filling, name)];
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 5);
    default:
      return filling.secrets();
  }
}

const schemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;

/** A value for a schema in which all that is text is a secret. */
export function filled(schema: z.ZodType | undefined, secrets: Secrets): unknown {
  if (schema === undefined) return undefined;
  const json = schemaOf(schema);
  return fill(json, { secrets, defs: json.$defs ?? {} });
}

/** The names of a request's query parameters. */
export const queryNames = ({ query }: OperationContract): string[] =>
  query === undefined ? [] : Object.keys(schemaOf(query).properties ?? {});
