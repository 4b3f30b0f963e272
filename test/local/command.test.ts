import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const FREE_PORTS = ['--port', '0', '--control-port', '0'];

interface Run {
  readonly child: ChildProcess;
  readonly printed: { stdout: string; stderr: string };
  readonly ended: Promise<{ code: number | null }>;
}

let directory: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'holdfast-data-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

function run(script: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Run {
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.on('data', (chunk) => {
      printed[stream] += chunk;
    });
  }
  return { child, printed, ended: once(child, 'close').then(([code]) => ({ code })) };
}

/** The fixture app instead of the service, which takes longer to bundle. */
const runFixture = (args: readonly string[], env?: NodeJS.ProcessEnv) =>
  run('test/local/fixtures/run-stack.ts', [...FREE_PORTS, '--data', directory, ...args], env);

/** Processes of this test's stack, found by its data directory: their arguments name it. */
function processesLeft(): string {
  const all = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' });
  return all
    .split('\n')
    .filter((line) => line.includes(directory))
    .join('\n');
}

async function untilReady({ printed, child }: Run): Promise<void> {
  while (!printed.stdout.includes('\n')) {
    if (child.exitCode !== null) throw new Error(printed.stderr);
    await sleep(20);
  }
}

describe('npm start', () => {
  it.each([
    ['a bad flag', ['--nonsense'], /^Unknown option '--nonsense'.* Use: npm start -- .*\n$/],
    ['a bad region', ['--regions', 'mars'], /^--regions takes names of AWS regions, not "mars".*\n$/],
  ])('ends with %s: code 1 and one line', async (_, args, line) => {
    const { ended, printed } = run('bin/local.ts', args);
    expect((await ended).code).toBe(1);
    expect(printed.stderr).toMatch(line);
    expect(printed.stdout).toBe('');
  });

  it.each(['--port', '--control-port'])('ends when %s is taken: code 1 and one line', async (flag) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { ended, printed } = run('bin/local.ts', [...FREE_PORTS, flag, String(port)]);
    expect((await ended).code).toBe(1);
    expect(printed.stderr).toBe(`Port ${port} is taken; choose another with ${flag}, or end what uses it.\n`);
    other.close();
  });

  it('ends without Java: code 1 and one line', async () => {
    const { ended, printed } = runFixture([], { ...process.env, PATH: '/nowhere' });
    expect((await ended).code).toBe(1);
    expect(printed.stderr).toMatch(
      /^DynamoDB Local needs Java, and none was found\. Install a Java 17 .*\n$/,
    );
    expect(processesLeft()).toBe('');
  });

  it('says in one line of JSON that it is ready, and stops on SIGTERM without a trace', async () => {
    const stack = runFixture(['--json']);
    await untilReady(stack);
    const ready = JSON.parse(stack.printed.stdout);
    expect(ready).toEqual({
      ready: true,
      control: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      regions: ['us-east-1', 'eu-west-1', 'ap-northeast-1'].map((region) => ({
        region,
        api: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1$/),
      })),
      keys: { operator: 'o', demo: 'd', demoRead: 'r', rival: 'v' },
    });
    expect((await fetch(`${ready.regions[0].api}/any`)).status).toBe(200);
    expect(processesLeft()).toContain('DynamoDBLocal.jar');
    stack.child.kill('SIGTERM');
    // As npm does with a signal that its group has had too.
    stack.child.kill('SIGINT');
    expect((await stack.ended).code).toBe(0);
    expect(stack.printed.stdout).toMatch(/^[^\n]+\n$/);
    expect(stack.printed.stderr).toBe('');
    expect(processesLeft()).toBe('');
    await expect(fetch(ready.control)).rejects.toThrow('fetch failed');
  });

  it('greets people with something to try', async () => {
    const stack = runFixture(['--regions', 'us-east-1']);
    await untilReady(stack);
    expect(stack.printed.stdout).toMatch(/curl .*Bearer d' http:\/\/127\.0\.0\.1:\d+\/v1\/products/);
    expect(stack.printed.stdout).toMatch(/documentation +http:\/\/127\.0\.0\.1:\d+\/v1\/docs/);
    stack.child.kill('SIGINT');
    expect((await stack.ended).code).toBe(0);
  });

  it.each([300, 700, 1_100])(
    'stops without a trace when the signal comes %d ms after the start',
    async (ms) => {
      const stack = runFixture(['--json', '--regions', 'us-east-1']);
      await sleep(ms);
      stack.child.kill('SIGTERM');
      // Null when the signal comes before there is anything to stop.
      expect([0, null]).toContain((await stack.ended).code);
      expect(processesLeft()).toBe('');
    },
  );
});
