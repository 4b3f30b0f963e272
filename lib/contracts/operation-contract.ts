import type * as z from 'zod';
import type { ProblemCode } from './problems.ts';

/** Whose key a route takes. */
export type CallerKind = 'anyone' | 'tenant' | 'operator' | 'tenantOrOperator';

/**
 * A field of a feature that a later release brings. It is absent from the schemas and from the OpenAPI
 * document; a value that asks for the feature is refused as `not_supported`, one that declines it is accepted.
 */
export interface UnsupportedField {
  /** What the field will accept: anything else is `validation_failed`, as it will be. */
  readonly schema: z.ZodType;
  /** The value that declines the feature. Absent: only leaving the field out does. */
  readonly declines?: unknown;
}

/** A caller who prefers this does not wait for the outcome (RFC 7240, section 4.1). */
export const RESPOND_ASYNC = 'respond-async';

export type Preference = typeof RESPOND_ASYNC;

/**
 * The contract of one operation: what it takes, what it answers. The path, the method and the scope are in
 * `lib/config/routes.ts`, under the same `operationId`; a test holds the two together.
 */
export interface OperationContract {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** Group in the documentation. */
  readonly tag: Tag;
  readonly caller: CallerKind;
  /** `true` when the operation needs an `Idempotency-Key`, and may answer `Idempotency-Replayed`. */
  readonly idempotent?: true;
  /** `true` when the answer carries `ETag` and the request may be conditional. */
  readonly versioned?: true;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** By status; `null`: without a body. */
  readonly answers: Readonly<Record<number, z.ZodType | null>>;
  /** @default 'application/json; charset=utf-8' */
  readonly contentType?: string;
  /** What can stand in the way, besides what any request can meet. */
  readonly problems: readonly ProblemCode[];
  readonly unsupportedFields?: Readonly<Record<string, UnsupportedField>>;
  /** Preferences of a `Prefer` header that the operation may honour; all others are ignored, as RFC 7240 asks. */
  readonly preferences?: readonly Preference[];
}

export const TAGS = {
  Catalogue: 'Products, and the locations that keep them.',
  Stock: 'What is there, what may be promised, and the ledger of every change.',
  Reservations: 'Holds, and what becomes of them.',
  Webhooks: 'Where events are delivered, and what became of each delivery.',
  Access: 'Tenants and their API keys.',
  Regions: 'The regions of the deployment, and how units are shared among them.',
  System: 'The service itself.',
} as const;

type Tag = keyof typeof TAGS;

/** JSON has no `undefined`: what is left out of a request is absent, as an exact optional property is. */
type ExactlyParsed<Value> = Value extends readonly (infer Item)[]
  ? readonly ExactlyParsed<Item>[]
  : Value extends object
    ? {
        readonly [Key in keyof Value]: undefined extends Value[Key]
          ? ExactlyParsed<Exclude<Value[Key], undefined>>
          : ExactlyParsed<Value[Key]>;
      }
    : Value;

type OutputOf<Schema> = Schema extends z.ZodType ? ExactlyParsed<z.output<Schema>> : Record<never, never>;

export type ParamsOf<Contract extends OperationContract> = OutputOf<Contract['params']>;
export type QueryOf<Contract extends OperationContract> = OutputOf<Contract['query']>;
export type BodyOf<Contract extends OperationContract> = OutputOf<Contract['body']>;

/** An answer is read, never changed: records and lists may be handed over as they are. */
type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
    : Value;

/** The statuses and bodies that an operation may answer with. */
export type AnswerOf<Contract extends OperationContract> = {
  [Status in keyof Contract['answers'] & number]: Contract['answers'][Status] extends z.ZodType
    ? { readonly status: Status; readonly body: DeepReadonly<z.input<Contract['answers'][Status]>> }
    : { readonly status: Status; readonly body?: never };
}[keyof Contract['answers'] & number];
