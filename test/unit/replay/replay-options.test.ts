import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../lib/command-line/usage-error.ts';
import { parseReplayOptions, SAMPLE_FILE } from '../../../lib/replay/replay-options.ts';

const API = ['--api', 'http://127.0.0.1:4001/v1'];

describe('the options of a replay', () => {
  it('have defaults', () => {
    expect(parseReplayOptions([])).toEqual({
      file: SAMPLE_FILE,
      concurrency: 16,
      'stock-factor': 1,
      seed: 1,
      locations: 1,
      json: false,
      help: false,
    });
  });

  it('are read', () => {
    const flags = ['--file', 'x.csv', '--limit', '5', '--stock-factor', '0.5', '--seed', '7', '--json'];
    expect(parseReplayOptions([...flags, ...API, '--key', 'k', '--prefix', 'me-'])).toMatchObject({
      file: 'x.csv',
      limit: 5,
      'stock-factor': 0.5,
      seed: 7,
      json: true,
      api: 'http://127.0.0.1:4001/v1',
      key: 'k',
      prefix: 'me-',
    });
  });

  it('take a slash at the end of the URL', () => {
    const { api } = parseReplayOptions(['--api', 'http://127.0.0.1:4001/v1/', '--key', 'k']);
    expect(api).toBe('http://127.0.0.1:4001/v1');
  });

  it.each([
    [['--limit', '0'], '--limit must be at least 1'],
    [['--limit', 'many'], '--limit must be a whole number'],
    [['--concurrency', '1000'], '--concurrency must be at most 512'],
    [['--stock-factor', 'half'], '--stock-factor must be a number'],
    [['--stock-factor', '5000'], '--stock-factor must be at most 1000'],
    [['--seed', '-1'], '--seed'],
    [['--locations', '11'], '--locations must be at most 10'],
    [['--prefix', '.a'], '--prefix must be up to 20'],
    [['--api', 'nowhere', '--key', 'k'], '--api must be a URL'],
    [['--api', 'http://127.0.0.1:4001', '--key', 'k'], '--api must end in /v1'],
    [API, '--api and --key belong together'],
    [['--key', 'k'], '--api and --key belong together'],
    [['--file', ''], '--file must name a file'],
    [['--speed', '3'], "Unknown option '--speed'"],
    [['orders.csv'], 'orders.csv'],
  ])('%j: %s', (flags, message) => {
    expect(() => parseReplayOptions(flags)).toThrow(UsageError);
    expect(() => parseReplayOptions(flags)).toThrow(message);
    expect(() => parseReplayOptions(flags)).toThrow(/^[^\n]+$/);
  });
});
