import type { CheckResult } from './run-checks.ts';
import type { SmokeReport } from './run-smoke.ts';

const NAME_WIDTH = 38;

/** One check, as a line. */
export function renderCheck({ name, result, milliseconds, reason }: CheckResult): string {
  const took = result === 'skipped' ? '' : `${milliseconds} ms`;
  const line = `${result.padEnd('skipped'.length)}  ${name.padEnd(NAME_WIDTH)}  ${took}`.trimEnd();
  return reason === undefined ? line : `${line}\n         ${reason}`;
}

/** The verdict for people. */
export function renderVerdict({ ok, api, region, version, milliseconds, checks }: SmokeReport): string {
  const where = region === '' ? api : `${api} (${region}, version ${version})`;
  const seconds = (milliseconds / 1000).toFixed(1);
  if (ok) return `PASSED: ${where} passed all ${checks.length} checks in ${seconds} s.`;
  const failed = checks.filter(({ result }) => result === 'failed').map(({ name }) => name);
  return `FAILED: ${where} failed: ${failed.join(', ')}.`;
}
