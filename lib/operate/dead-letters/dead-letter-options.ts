import { parseArgs } from 'node:util';
import * as z from 'zod';
import { parseFlags, wholeNumber } from '../../command-line/parse-flags.ts';
import { regionName } from '../../config/environment.ts';

/** More than fits on a screen is read with `--json`. */
const SHOWN_DEFAULT = 20;
/** What is shown is kept in memory and hidden from others meanwhile. */
export const SHOWN_MAX = 1_000;
const CONTROL_DEFAULT = 'http://127.0.0.1:4000';

export const DEAD_LETTER_USAGE = `Looks after messages that were given up: lists, shows and redrives dead-letter queues.

  npm run dlq -- list [--check]
  npm run dlq -- show QUEUE [--max N]
  npm run dlq -- redrive QUEUE [--max N] [--message ID]

  --check            list: exit code 1 if any queue is not empty
  --max N            show: how many messages (${SHOWN_DEFAULT}); redrive: move so many at most
  --message ID       redrive: only this message
  --region REGION    only the queues of this region
  --control URL      the control address of an embedded stack (${CONTROL_DEFAULT})
  --aws              the queues of a deployment, with the usual credentials of the SDK; needs:
  --stage STAGE      its stage
  --regions A,B      its regions
  --json             the result as one line of JSON on stdout
  --help

QUEUE is a name as list shows it, or its end: orders-dlq. To look at a message counts as a receive.
`;

const schema = z
  .strictObject({
    command: z.enum(['list', 'show', 'redrive'], { error: 'must be list, show or redrive' }).default('list'),
    queue: z.string().min(1).optional(),
    check: z.boolean().default(false),
    max: wholeNumber(Number.MAX_SAFE_INTEGER).optional(),
    message: z.string().min(1, 'must be the id of a message').optional(),
    region: regionName.optional(),
    control: z.url({ protocol: /^https?$/, error: `must be a URL, like ${CONTROL_DEFAULT}` }).optional(),
    aws: z.boolean().default(false),
    stage: z.string().min(1, 'must name a stage').optional(),
    regions: z
      .string()
      .transform((list) => list.split(','))
      .pipe(z.array(regionName))
      .optional(),
    json: z.boolean().default(false),
    help: z.boolean().default(false),
  })
  .refine(({ command, queue, help }) => help || command === 'list' || queue !== undefined, {
    error: 'needs the name of a queue; list shows them',
    path: ['show and redrive'],
  })
  .refine(({ aws, stage, regions }) => aws === (stage !== undefined && regions !== undefined), {
    error: 'belong together: give all three of --aws, --stage and --regions, or none of them',
    path: ['aws, --stage and --regions'],
  })
  .refine(({ aws, control }) => !aws || control === undefined, {
    error: 'names an embedded stack, and --aws does not mean one: leave one of them out',
    path: ['control'],
  })
  .transform(({ control = CONTROL_DEFAULT, max, ...rest }) => ({
    ...rest,
    control: control.replace(/\/$/, ''),
    max: rest.command === 'show' ? Math.min(max ?? SHOWN_DEFAULT, SHOWN_MAX) : max,
  }));

export type DeadLetterOptions = z.infer<typeof schema>;

const FLAGS = {
  check: { type: 'boolean' },
  max: { type: 'string' },
  message: { type: 'string' },
  region: { type: 'string' },
  control: { type: 'string' },
  aws: { type: 'boolean' },
  stage: { type: 'string' },
  regions: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line of the tool for dead letters.
 *
 * @throws UsageError that names what is wrong.
 */
export function parseDeadLetterOptions(argv: readonly string[]): DeadLetterOptions {
  return parseFlags(schema, () => {
    const { values, positionals } = parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true });
    const [command, queue, ...rest] = positionals;
    if (rest.length > 0) throw new Error(`${rest.join(' ')} is one word too many.`);
    return { ...values, ...(command !== undefined && { command }), ...(queue !== undefined && { queue }) };
  });
}
