import * as z from 'zod';

const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

/** Conditions and negations are refused: the embedded stack would have to understand them. */
const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: oneOrMore,
});

const answerSchema = z.object({
  principalId: z.string().min(1),
  policyDocument: z.strictObject({ Version: z.string().optional(), Statement: z.array(statement) }),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  usageIdentifierKey: z.string().optional(),
});

/** What an authorizer has said of a token. */
export type AuthorizerAnswer = z.infer<typeof answerSchema>;

/** @returns `undefined` for what the gateway, too, would take for a mistake in its configuration */
export const parseAnswer = (value: unknown): AuthorizerAnswer | undefined =>
  answerSchema.safeParse(value).data;

/** Whether a text fits a pattern with `*` for any characters and `?` for one. */
function fits(text: string, pattern: string): boolean {
  const literal = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
}

/** Whether a policy lets its owner call a method: some statement allows it, and none denies it. */
export function isAllowed({ policyDocument }: AuthorizerAnswer, methodArn: string): boolean {
  const effects = policyDocument.Statement.filter(
    ({ Action, Resource }) =>
      Action.some((action) => fits('execute-api:Invoke', action)) &&
      Resource.some((resource) => fits(methodArn, resource)),
  ).map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

/** What the function behind the method is told: everything as text, whatever it was. */
export const contextOf = ({ principalId, context }: AuthorizerAnswer): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(context).map(([name, value]) => [name, String(value)])),
  principalId,
});
