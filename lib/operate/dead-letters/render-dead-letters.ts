import { textTable } from '../text-table.ts';
import type { ListedQueue } from './list-queues.ts';
import type { Redriven } from './redrive.ts';
import type { DeadLetterResult } from './run-dead-letters.ts';
import type { ShownMessage } from './show-messages.ts';

const SECONDS = { day: 86_400, hour: 3_600, minute: 60 } as const;

function ageOf({ oldestSeconds: seconds, sawAll }: ListedQueue): string {
  if (seconds === undefined) return '-';
  const [unit, size] = Object.entries(SECONDS).find(([, length]) => seconds >= length * 2) ?? ['second', 1];
  const count = Math.floor(seconds / size);
  return `${sawAll ? '' : 'at least '}${count} ${unit}${count === 1 ? '' : 's'}`;
}

function renderQueues(queues: readonly ListedQueue[]): string {
  if (queues.length === 0) return 'There is no dead-letter queue.';
  const head = ['region', 'queue', 'depth', 'oldest', 'source'];
  const rows = queues.map((one) => [
    one.region,
    one.queue,
    String(one.depth),
    ageOf(one),
    one.source ?? '(none)',
  ]);
  return textTable([head, ...rows]);
}

const indented = (text: string): string => text.replaceAll(/^/gm, '  ');

function renderMessage(message: ShownMessage): string {
  const { id, queue, region, sentAt, firstReceivedAt, receives, reason, attributes, body } = message;
  const first = firstReceivedAt === undefined ? '' : `, first received ${firstReceivedAt}`;
  const named = Object.entries(attributes).map(([name, value]) => `  ${name}: ${value}`);
  return [
    `${id} in ${queue}, ${region}`,
    `  sent ${sentAt}${first}, received ${receives} times`,
    ...(reason === undefined ? [] : [`  reason: ${reason}`]),
    ...(named.length === 0 ? [] : ['  attributes:', ...named.map((line) => `  ${line}`)]),
    indented(typeof body === 'string' ? body : JSON.stringify(body, null, 2)),
  ].join('\n');
}

function renderMessages(messages: readonly ShownMessage[]): string {
  if (messages.length === 0) return 'No message is there, or somebody else is looking at them.';
  const note = 'They are all still there. To look at a message counts as a receive.';
  return [...messages.map(renderMessage), note].join('\n\n');
}

const renderRedriven = ({ queue, region, to, moved, left }: Redriven): string =>
  `${region}: ${moved} ${moved === 1 ? 'message' : 'messages'} moved from ${queue} to ${to}; about ${left} left.`;

/** The result for people. */
export function renderDeadLetters(result: DeadLetterResult): string {
  switch (result.did) {
    case 'list':
      return renderQueues(result.queues);
    case 'show':
      return renderMessages(result.messages);
    case 'redrive':
      return result.redriven.map(renderRedriven).join('\n');
  }
}
