import { InexactNumber } from '../../lib/contracts/numbers.ts';

const LITERAL = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Zeros at the end of a string of digits. A loop, because a pattern would walk long runs again and again. */
function trailingZeros(digits: string): number {
  let count = 0;
  while (count < digits.length && digits[digits.length - 1 - count] === '0') count += 1;
  return count;
}

/** Whether a JSON number is an integer as it is written, however it is written: `5`, `5.0`, `1e3`, `1.50e1`. */
function isIntegerLiteral(source: string): boolean {
  const [, whole = '', fraction = '', exponent = '0'] = LITERAL.exec(source) ?? [];
  const digits = whole + fraction;
  const zeros = trailingZeros(digits);
  return zeros === digits.length || Number(exponent) - fraction.length + zeros >= 0;
}

/**
 * The number that a JSON literal stands for; an `InexactNumber` where JavaScript would hand on another one
 * without a word. Fractions that are rounded in their last place are no surprise and stay numbers.
 */
export function readNumber(value: number, source: string): number | InexactNumber {
  if (!Number.isInteger(value)) return value;
  if (!Number.isSafeInteger(value) || !isIntegerLiteral(source)) return new InexactNumber(value);
  // There is no difference between 0 and -0 in a stock book.
  return value === 0 ? 0 : value;
}
