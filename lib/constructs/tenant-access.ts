import { ArnPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  DIRECTORY_ONLY,
  READ_ACTIONS,
  SECRETS_ONLY,
  TENANTS_ONLY,
  WRITE_ACTIONS,
} from '../config/access-policies.ts';
import { ENVIRONMENT } from '../config/environment.ts';
import { type InventoryTable, indexesOf } from './inventory-table.ts';

export interface TenantAccessProps {
  readonly table: InventoryTable;
}

/**
 * The role that functions assume for one tenant at a time. It reaches the records of tenants, in every region; the
 * policy of each session leaves one tenant of them.
 */
export class TenantAccess extends Construct {
  private readonly table: InventoryTable;
  private role: Role | undefined;

  constructor(scope: Construct, id: string, { table }: TenantAccessProps) {
    super(scope, id);
    this.table = table;
  }

  /**
   * Lets a function find out who tenants and keys are and what regions do, and for all else assume the role; and tells
   * it which role, and which table. Nobody else may assume it.
   */
  grant(target: LambdaFunction): void {
    this.grantDirectory(target);
    const own = target.role?.roleArn;
    if (own === undefined) throw new Error(`${target.node.path} has no role of its own.`);
    const principal = new ArnPrincipal(own);
    if (this.role === undefined) {
      this.role = new Role(this, 'Role', {
        description: 'Holdfast, the records of one tenant at a time',
        assumedBy: principal,
      });
      this.grantTenants(this.role);
    } else {
      this.role.assumeRolePolicy?.addStatements(
        new PolicyStatement({ actions: ['sts:AssumeRole'], principals: [principal] }),
      );
    }
    target.addToRolePolicy(
      new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [this.role.roleArn] }),
    );
    target.addEnvironment(ENVIRONMENT.tenantRoleArn, this.role.roleArn);
  }

  private grantDirectory(target: LambdaFunction): void {
    const resources = this.table.everyArn;
    const actions = ['dynamodb:GetItem', 'dynamodb:BatchGetItem'];
    target.addToRolePolicy(new PolicyStatement({ actions, resources, conditions: DIRECTORY_ONLY }));
    // The secret of cursors is written in the first region.
    const first = { actions: ['dynamodb:PutItem'], resources: resources.slice(0, 1) };
    target.addToRolePolicy(new PolicyStatement({ ...first, conditions: SECRETS_ONLY }));
    target.addEnvironment(ENVIRONMENT.tableName, this.table.name);
  }

  private grantTenants(role: Role): void {
    const tables = this.table.everyArn;
    const onItems = { actions: [...READ_ACTIONS, ...WRITE_ACTIONS], resources: tables };
    const onIndexes = { actions: ['dynamodb:Query'], resources: tables.flatMap(indexesOf) };
    for (const statement of [onItems, onIndexes]) {
      role.addToPolicy(new PolicyStatement({ ...statement, conditions: TENANTS_ONLY }));
    }
  }
}
