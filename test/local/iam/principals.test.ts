import { beforeEach, describe, expect, it } from 'vitest';
import { StackClock } from '../../../lib/local/clock.ts';
import { keyOfRole, LOCAL_CREDENTIALS } from '../../../lib/local/credentials.ts';
import { parseStatement } from '../../../lib/local/iam/policy.ts';
import { Principals } from '../../../lib/local/iam/principals.ts';

const READER = 'arn:aws:iam::000000000000:role/reader';
const TARGET = 'arn:aws:iam::000000000000:role/target';

const allow = (Action: string, Resource = '*') => parseStatement({ Effect: 'Allow', Action, Resource });
const role = (arn: string, trusts: readonly string[], ...statements: ReturnType<typeof allow>[]) =>
  [arn, { arn, trusts: new Set(trusts), statements }] as const;

const get = (key = 'T#a') => ({
  action: 'dynamodb:GetItem',
  resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/t',
  context: { 'dynamodb:LeadingKeys': [key] },
});
const policyOf = (pattern: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: 'dynamodb:*',
      Resource: '*',
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': pattern } },
    },
  })
    .replace('"Statement":{', '"Statement":[{')
    .replace(/\}$/, ']}');

let clock: StackClock;
let principals: Principals;
beforeEach(() => {
  clock = new StackClock();
  principals = new Principals(
    new Map([
      role(READER, [], allow('dynamodb:GetItem'), allow('sts:AssumeRole')),
      role(TARGET, [READER], allow('dynamodb:*')),
    ]),
    clock,
  );
});

const assume = (policy?: string, by = READER, roleArn = TARGET) =>
  principals.assume(keyOfRole(by), { roleArn, sessionName: 's', durationSeconds: 900, policy });

describe('who signs', () => {
  it('may do what the role in the template allows, and nothing else', () => {
    expect(() => principals.check(keyOfRole(READER), [get()])).not.toThrow();
    const put = { ...get(), action: 'dynamodb:PutItem' };
    expect(() => principals.check(keyOfRole(READER), [get(), put])).toThrow('dynamodb:PutItem on resource');
  });

  it('with the key of nobody is not known, and whoever runs the stack may do everything', () => {
    expect(() => principals.check('AKIANOBODY', [get()])).toThrow('invalid');
    expect(() => principals.check('', [get()])).toThrow('invalid');
    expect(() => principals.check(LOCAL_CREDENTIALS.accessKeyId, [get()])).not.toThrow();
  });

  it('for a session may do what both the role and the session allow, until it ends', () => {
    const { accessKeyId } = assume(policyOf('T#a'));
    expect(() => principals.check(accessKeyId, [get('T#a')])).not.toThrow();
    expect(() => principals.check(accessKeyId, [get('T#b')])).toThrow('not authorized');
    clock.advance(900_000);
    expect(() => principals.check(accessKeyId, [get('T#a')])).toThrow('expired');
    assume();
    expect(() => principals.check(accessKeyId, [get('T#a')])).toThrow('invalid');
  });

  it('assumes only a role that trusts it, and by a policy that can be read', () => {
    expect(() => assume(undefined, TARGET)).toThrow('not authorized to perform: sts:AssumeRole');
    expect(() => assume(undefined, READER, READER)).toThrow('not trusted');
    expect(() => assume('{')).toThrow('cannot be read');
    expect(() => assume(' '.repeat(2049))).toThrow('too long');
  });
});
