import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../lib/local/options.ts';

describe('the flags of npm start', () => {
  it('have defaults', () => {
    expect(parseCommand([])).toEqual({
      regions: ['us-east-1', 'eu-west-1', 'ap-northeast-1'],
      port: 4001,
      controlPort: 4000,
      dataDir: undefined,
      seed: 'demo',
      json: false,
    });
  });

  it('are all read', () => {
    const text = '--regions us-east-1,eu-west-1 --port 0 --control-port 0 --data there --seed none --json';
    expect(parseCommand(text.split(' '))).toEqual({
      regions: ['us-east-1', 'eu-west-1'],
      port: 0,
      controlPort: 0,
      dataDir: 'there',
      seed: 'none',
      json: true,
    });
  });

  it.each([
    ['--unknown', /Unknown option '--unknown'/],
    ['positional', /Unexpected argument 'positional'/],
    ['--json=yes', /--json/],
    ['--regions Mars', /--regions takes names of AWS regions, not "Mars"/],
    ['--regions us-east-1,us-east-1', /each region once/],
    ['--regions us-east-1,us-east-2,us-west-1,us-west-2,eu-west-1,eu-west-2', /at most 5/],
    ['--port 4000x', /--port takes a port number/],
    ['--port=-1', /--port takes a port number/],
    ['--port 65536', /--port takes a port number/],
    ['--port 65535 --regions us-east-1,eu-west-1', /leaves no ports/],
    ['--control-port', /--control-port/],
    ['--control-port 4002 --regions us-east-1,eu-west-1', /choose one outside 4001 to 4002/],
    ['--seed everything', /--seed takes demo or none/],
    ['--data=', /--data takes a directory/],
  ])('refuse %s in one line that says what is right', (text, message) => {
    const refusal = (): unknown => parseCommand(text.split(' '));
    expect(refusal).toThrow(message);
    expect(refusal).toThrow(/^[^\n]+$/);
  });
});
