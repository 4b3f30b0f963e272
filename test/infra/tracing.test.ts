import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../lib/config/functions.ts';
import { functionsOf, onlyResource, type SynthesizedStack, synthesize } from './synthesis.ts';

interface FunctionProperties {
  readonly Environment: { readonly Variables: Record<string, unknown> };
  readonly TracingConfig?: { readonly Mode: string };
}

describe.each([
  ['on', 'Active', true],
  ['off', undefined, false],
] as const)('tracing %s', (tracing, mode, isEnabled) => {
  const [stack] = synthesize({ stage: 'prod', regions: 'us-east-1', tracing }) as [SynthesizedStack];

  it('is so for the gateway and every function alike: a trace with a gap tells nothing', () => {
    const modes = [...functionsOf<FunctionProperties>(stack)].map(([name, { properties }]) => [
      name,
      properties.TracingConfig?.Mode,
    ]);
    expect(Object.fromEntries(modes)).toEqual(
      Object.fromEntries(Object.keys(FUNCTIONS).map((name) => [name, mode])),
    );
    const { TracingEnabled } = onlyResource<{ TracingEnabled: boolean }>(
      stack,
      'AWS::ApiGateway::Stage',
    ).properties;
    expect(TracingEnabled).toBe(isEnabled);
  });
});
