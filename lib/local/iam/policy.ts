import * as z from 'zod';

const oneOrMany = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** What is evaluated. A policy that says more is refused: what is passed over in silence might have denied something. */
const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMany,
  Resource: oneOrMany,
  Condition: z.record(z.string(), z.record(z.string(), oneOrMany)).default({}),
});

const policySchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(statementSchema),
});

/** A statement of a policy, with lists wherever one or many may stand. */
export type Statement = z.output<typeof statementSchema>;

/** @throws an Error for what is no policy, or one that says what is not evaluated here. */
export const parseStatement = (statement: unknown): Statement => statementSchema.parse(statement);

/** @throws an Error likewise. */
export const parsePolicy = (document: unknown): readonly Statement[] =>
  policySchema.parse(document).Statement;
