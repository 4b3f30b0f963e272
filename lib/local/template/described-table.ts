import * as z from 'zod';
import { TemplateError } from './cloudformation.ts';
import { STREAM_LABEL, streamArn, tableArn } from './table-arns.ts';

/** The CDK's `AwsCustomResource`: a call of the AWS SDK at deployment, whose answer other resources may use. */
export const CUSTOM_CALL = 'Custom::AWS';

/** A resource of that type. */
export interface CustomCall {
  readonly stackName: string;
  readonly region: string;
  readonly logicalId: string;
  /** Resolves a property; `undefined` when the template leaves it out. */
  property(name: string): unknown;
}

const describeTable = z.object({
  service: z.enum(['DynamoDB', 'dynamodb', '@aws-sdk/client-dynamodb']),
  action: z.enum(['describeTable', 'DescribeTable', 'DescribeTableCommand']),
  parameters: z.strictObject({ TableName: z.string() }),
  region: z.string().optional(),
});

/** Attributes of the answer of `DescribeTable`, by path. */
const ANSWERS: Readonly<Record<string, (region: string, name: string) => string>> = {
  'Table.LatestStreamArn': streamArn,
  'Table.LatestStreamLabel': () => STREAM_LABEL,
  'Table.TableArn': tableArn,
  'Table.TableName': (_, name) => name,
};

function parseCall(text: unknown, path: string): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : text;
  } catch {
    throw new TemplateError(path, 'the call is not JSON.');
  }
}

/**
 * The name of the table that the call describes.
 *
 * @throws TemplateError for any other call.
 */
export function describedTable({ stackName, region, logicalId, property }: CustomCall): string {
  const path = `${stackName}/${logicalId}.Create`;
  const parsed = describeTable.safeParse(parseCall(property('Create'), path));
  if (!parsed.success || (parsed.data.region ?? region) !== region) {
    throw new TemplateError(
      path,
      "of custom calls only DynamoDB's describeTable in the own region runs locally.",
    );
  }
  return parsed.data.parameters.TableName;
}

/** `Fn::GetAtt` of a custom call; `undefined` when its answer has no such attribute here. */
export function describedAttribute(call: CustomCall, attribute: string): string | undefined {
  return ANSWERS[attribute]?.(call.region, describedTable(call));
}
