import { describe, expect, it } from 'vitest';
import { WaitingLine } from '../../lib/local/environments/waiting-line.ts';

const lineOf = (...waiting: readonly string[]) => {
  const line = new WaitingLine<{ readonly caller: string; readonly name: string }>();
  for (const name of waiting) line.push({ caller: name.slice(0, 1), name });
  return line;
};

const drained = (line: ReturnType<typeof lineOf>): string[] => {
  const names: string[] = [];
  for (let next = line.shift(); next !== undefined; next = line.shift()) names.push(next.name);
  return names;
};

describe('requests that wait for an environment', () => {
  it('come in the order of their arrival while one caller sends them', () => {
    expect(drained(lineOf('a1', 'a2', 'a3'))).toEqual(['a1', 'a2', 'a3']);
  });

  it('take turns by caller, so that nobody waits behind a flood', () => {
    expect(drained(lineOf('a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'))).toEqual([
      'a1',
      'b1',
      'c1',
      'a2',
      'b2',
      'a3',
      'a4',
    ]);
  });

  it('let a caller in who comes while others are served', () => {
    const line = lineOf('a1', 'a2', 'a3');
    expect(line.shift()?.name).toBe('a1');
    line.push({ caller: 'b', name: 'b1' });
    expect(drained(line)).toEqual(['a2', 'b1', 'a3']);
  });

  it('are counted, and can be taken out at once', () => {
    const line = lineOf('a1', 'a2', 'b1');
    expect(line.length).toBe(3);
    expect(line.clear().map(({ name }) => name)).toEqual(['a1', 'a2', 'b1']);
    expect([line.length, line.shift()]).toEqual([0, undefined]);
  });
});
