import ipaddr from 'ipaddr.js';
import { TemplateError } from '../template/cloudformation.ts';
import type { Compile } from './text-matchers.ts';

/** EventBridge's own bound for what is compared as a number. */
const MAX_NUMBER = 5e9;

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** One comparison, or a lower bound and then an upper one. */
const SHAPES = /^(?:=|<=?|>=?|>=?,<=?)$/;

/** `[">", 0, "<=", 5]` */
export const compileNumeric: Compile = (operand, path) => {
  const terms: readonly unknown[] = Array.isArray(operand) ? operand : [];
  const operators = terms.filter((_, index) => index % 2 === 0);
  const bounds = terms.filter((_, index) => index % 2 === 1);
  if (operators.length !== bounds.length || !SHAPES.test(operators.join())) {
    throw new TemplateError(
      path,
      'numeric takes one comparison with a number, or a lower and an upper bound.',
    );
  }
  const pairs = operators.map((operator, index) => {
    const compare = COMPARISONS[String(operator)];
    const bound = bounds[index];
    if (compare === undefined || typeof bound !== 'number' || Math.abs(bound) > MAX_NUMBER) {
      throw new TemplateError(path, `numeric takes numbers from -${MAX_NUMBER} to ${MAX_NUMBER}.`);
    }
    return { compare, bound };
  });
  const [lower, upper] = pairs;
  if (lower !== undefined && upper !== undefined && lower.bound > upper.bound) {
    throw new TemplateError(path, 'the lower bound of numeric is above the upper one.');
  }
  // DynamoDB's numbers are strings in a record, and AWS does not compare those either.
  return (value) => typeof value === 'number' && pairs.every(({ compare, bound }) => compare(value, bound));
};

/** Without the short and the octal forms that a parser of addresses also takes. */
function addressOf(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const isPlain = text.includes(':') ? ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text);
  return isPlain ? ipaddr.parse(text) : undefined;
}

/** `"10.0.0.0/24"`, or the same with an address of version 6. */
export const compileCidr: Compile = (operand, path) => {
  const [text = '', bits = '', ...more] = typeof operand === 'string' ? operand.split('/') : [];
  const network = addressOf(text);
  const maxBits = network?.kind() === 'ipv6' ? 128 : 32;
  if (network === undefined || more.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > maxBits) {
    throw new TemplateError(path, 'cidr takes an address, a slash and the length of its prefix.');
  }
  return (value) => {
    const address = typeof value === 'string' ? addressOf(value) : undefined;
    return address?.kind() === network.kind() && address.match(network, Number(bits));
  };
};
