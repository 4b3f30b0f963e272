import type { CreateTableInput } from '@aws-sdk/client-dynamodb';
import type { Plan } from '../plan.ts';
import type { RegionModel } from '../template/region-model.ts';
import type { TableDefinition } from '../template/tables.ts';
import type { PartitionKeys } from './database-request.ts';
import { Principals } from './principals.ts';
import { TokenService } from './token-service.ts';

/** Who may do what in the whole stack, and where functions ask for credentials of others. */
export interface StackAccess {
  readonly principals: Principals;
  readonly endpoint: string;
}

/** Roles have no region: those of all are known everywhere, as in an account. */
export async function openAccess(
  models: readonly RegionModel[],
  { clock, faults, resources }: Pick<Plan, 'clock' | 'faults' | 'resources'>,
): Promise<StackAccess> {
  const roles = new Map(models.flatMap((model) => [...model.roles]));
  const principals = new Principals(roles, clock);
  const tokens = new TokenService(principals, faults);
  await tokens.open();
  resources.defer(() => tokens.close());
  return { principals, endpoint: tokens.url };
}

const partitionOf = (schema: CreateTableInput['KeySchema']): string =>
  schema?.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';

/** The partition key attributes of tables and their indexes. */
export function partitionKeys(tables: readonly TableDefinition[]): PartitionKeys {
  return new Map(
    tables.map(({ create }) => {
      const indexes = [...(create.GlobalSecondaryIndexes ?? []), ...(create.LocalSecondaryIndexes ?? [])];
      const keys: [string | undefined, string][] = [
        [undefined, partitionOf(create.KeySchema)],
        ...indexes.map(({ IndexName, KeySchema }): [string | undefined, string] => [
          IndexName,
          partitionOf(KeySchema),
        ]),
      ];
      return [create.TableName, new Map(keys)];
    }),
  );
}
