import { describe, expect, it } from 'vitest';
import type { StackTemplate } from '../../../lib/local/template/cloudformation.ts';
import { Resolver } from '../../../lib/local/template/intrinsics.ts';
import { readRoles } from '../../../lib/local/template/roles.ts';

const statement = (action: string, rest: object = {}) => ({
  Effect: 'Allow',
  Action: action,
  Resource: { 'Fn::Join': ['', ['arn:aws:dynamodb:', { Ref: 'AWS::Region' }, ':*:table/t']] },
  ...rest,
});

function rolesOf(...statements: readonly object[]) {
  const stack: StackTemplate = {
    stackName: 'Shop',
    region: 'eu-west-1',
    assets: new Map(),
    template: {
      Resources: {
        Fn: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: {
              Statement: [{ Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
            },
          },
        },
        Tenants: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: {
              Statement: [{ Action: 'sts:AssumeRole', Principal: { AWS: { 'Fn::GetAtt': ['Fn', 'Arn'] } } }],
            },
            Policies: [{ PolicyDocument: { Statement: [statement('dynamodb:PutItem')] } }],
          },
        },
        Policy: {
          Type: 'AWS::IAM::Policy',
          Properties: { Roles: [{ Ref: 'Fn' }], PolicyDocument: { Statement: statements } },
        },
      },
    },
  };
  const roles = readRoles([new Resolver(stack, [stack])]);
  return [...roles.values()];
}

describe('roles of a template', () => {
  it('have the permissions that are enforced, of whatever is attached to them', () => {
    const elsewhere = statement('s3:PutObject', { Resource: { 'Fn::GetAtt': ['Nowhere', 'Arn'] } });
    const [fn, tenants] = rolesOf(statement('dynamodb:GetItem'), elsewhere);
    expect(fn?.statements.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [['dynamodb:GetItem'], ['arn:aws:dynamodb:eu-west-1:*:table/t']],
    ]);
    expect(tenants?.statements.map(({ Action }) => Action)).toEqual([['dynamodb:PutItem']]);
  });

  it('are assumed by the roles that they trust; services never ask', () => {
    const [fn, tenants] = rolesOf();
    expect([...(fn?.trusts ?? [])]).toEqual([]);
    expect([...(tenants?.trusts ?? [])]).toEqual([fn?.arn]);
  });

  it('that say what is not evaluated are refused with the place', () => {
    expect(() => rolesOf(statement('dynamodb:GetItem', { NotResource: '*' }))).toThrow(
      'Shop/Policy.PolicyDocument.Statement.0: is not evaluated locally',
    );
  });
});
