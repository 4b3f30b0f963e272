// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is the syntax of Fn::Sub.
import { describe, expect, it } from 'vitest';
import type { StackTemplate, Template } from '../../lib/local/template/cloudformation.ts';
import { Resolver } from '../../lib/local/template/intrinsics.ts';

const stack = (template: Partial<Template>, stackName = 'Shop'): StackTemplate => ({
  stackName,
  region: 'eu-west-1',
  template: { Resources: {}, ...template },
  assets: new Map(),
});

const resolver = new Resolver(
  stack({
    Parameters: { Version: { Default: '6' }, Secret: {} },
    Resources: {
      Table: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { TableName: 'stock' } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Sub': '${AWS::Region}-late' } } },
      Fn: { Type: 'AWS::Lambda::Function' },
      Unknown: { Type: 'AWS::Nobody::KnowsMe' },
    },
  }),
);

describe('an intrinsic function', () => {
  it.each([
    [{ Ref: 'AWS::Region' }, 'eu-west-1'],
    [{ Ref: 'AWS::AccountId' }, '000000000000'],
    [{ Ref: 'AWS::Partition' }, 'aws'],
    [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    [{ Ref: 'AWS::StackName' }, 'Shop'],
    [{ Ref: 'Version' }, '6'],
    [{ Ref: 'Table' }, 'stock'],
    [{ Ref: 'Fn' }, 'Shop-Fn'],
    [{ 'Fn::GetAtt': ['Fn', 'Arn'] }, 'arn:aws:lambda:eu-west-1:000000000000:function:Shop-Fn'],
    [{ 'Fn::GetAtt': 'Table.Arn' }, 'arn:aws:dynamodb:eu-west-1:000000000000:table/stock'],
    [{ 'Fn::GetAtt': ['Queue', 'QueueName'] }, 'eu-west-1-late'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'Table' }, 7]] }, 'a-stock-7'],
    [
      { 'Fn::Sub': '${Table} in ${AWS::Region}, ${!Table} and ${Fn.Arn}' },
      expect.stringContaining('stock in eu-west-1, ${Table} and arn:'),
    ],
    [{ 'Fn::Sub': ['${x}/${Table}', { x: { Ref: 'AWS::StackName' } }] }, 'Shop/stock'],
    [{ 'Fn::Split': [',', 'a,b'] }, ['a', 'b']],
    [{ 'Fn::Select': [1, { 'Fn::Split': [',', 'a,b'] }] }, 'b'],
    [{ 'Fn::Select': ['0', ['a', 'b']] }, 'a'],
    [{ list: [1, { Ref: 'AWS::NoValue' }, null], gone: { Ref: 'AWS::NoValue' } }, { list: [1, null] }],
    ['${Table}', '${Table}'],
  ])('%j is resolved', (value, resolved) => {
    expect(resolver.resolve(value, 'here')).toEqual(resolved);
  });

  it.each([
    [{ Ref: 'Nothing' }, 'here.a.Ref: there is no resource Nothing.'],
    [{ Ref: 'Secret' }, 'here.a.Ref: parameter Secret has no default.'],
    [{ Ref: 'Unknown' }, 'here.a.Ref: Ref of Unknown (AWS::Nobody::KnowsMe) is not known locally.'],
    [{ 'Fn::GetAtt': ['Fn', 'Colour'] }, 'Colour of Fn (AWS::Lambda::Function) is not known locally.'],
    [{ 'Fn::Base64': 'x' }, 'here.a.Fn::Base64: the embedded stack does not know this intrinsic function.'],
    [{ 'Fn::If': ['Condition', 1, 2] }, 'here.a.Fn::If'],
    [{ 'Fn::Select': [5, ['a']] }, 'there is no element 5.'],
    [{ 'Fn::Join': ['-', 'text'] }, 'a list is expected here.'],
    [{ 'Fn::Sub': '${Table.Colour}' }, 'Colour of Table'],
    [{ 'Fn::Join': ['-', [{ a: 1 }]] }, 'a string is expected here.'],
    [{ 'Fn::ImportValue': 'Nobodys' }, 'no stack of eu-west-1 exports Nobodys.'],
  ])('%j that cannot be resolved is an error with its path', (value, message) => {
    expect(() => resolver.resolve({ a: value }, 'here')).toThrow(message);
  });

  it('imports what another stack of the region exports', () => {
    const exporting = stack(
      {
        Resources: { Table: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { TableName: 'stock' } } },
        Outputs: {
          Name: { Value: { Ref: 'Table' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Name' } } },
        },
      },
      'Data',
    );
    const importing = stack({});
    const resolved = new Resolver(importing, [exporting, importing]).resolve(
      { 'Fn::ImportValue': 'Data:Name' },
      '',
    );
    expect(resolved).toBe('stock');
  });
});
