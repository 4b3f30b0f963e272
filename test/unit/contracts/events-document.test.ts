import { describe, expect, it } from 'vitest';
import { EVENT_NAMES, EVENTS, type EventName } from '../../../lib/contracts/events/catalogue.ts';
import { detailOf } from '../../../lib/contracts/events/event-contract.ts';
import { codeBlocks, codeWords, proseOf, sectionOf, tableRows } from '../../tidy/markdown.ts';
import { textOf } from '../../tidy/project-files.ts';

const DOCUMENT = 'docs/events.md';

const rows = tableRows(sectionOf(DOCUMENT, 'Types'));
const nameOf = ([first = '']: readonly string[]): string => codeWords(first).join(' ');

/** The examples of data: a block of JSON, and the types that the line before it names. */
const EXAMPLES = [...sectionOf(DOCUMENT, 'Data').matchAll(/^([^\n]*):\n\n```json\n([\s\S]*?)^```/gm)].flatMap(
  ([, line = '', json = '']) => codeWords(line).map((name) => [name, json] as const),
);

describe('the document of events', () => {
  it('has a row for each type, and for no other', () => {
    expect(rows.map(nameOf).toSorted()).toEqual(EVENT_NAMES.toSorted());
  });

  it('says which types are not sent yet', () => {
    const later = rows.filter(([, when = '']) => when.startsWith('Not sent yet.')).map(nameOf);
    expect(later.toSorted()).toEqual(EVENT_NAMES.filter((name) => !EVENTS[name].isSent).toSorted());
  });

  it('begins with an event as it is', () => {
    const [first = ''] = codeBlocks(DOCUMENT, 'json');
    const event = JSON.parse(first) as { source: string; 'detail-type': EventName; detail: unknown };
    expect(event.source).toBe('holdfast');
    expect(detailOf(EVENTS[event['detail-type']].data).safeParse(event.detail).error).toBeUndefined();
  });

  it.each(EXAMPLES)('shows data of %s as it is', (name, json) => {
    expect(EVENTS[name as EventName].data.safeParse(JSON.parse(json)).error).toBeUndefined();
  });

  it('shows data of every type that is sent', () => {
    const likeReleased = proseOf(DOCUMENT).match(/`reservation\.\w+`/g) ?? [];
    const shown = new Set([...EXAMPLES.map(([name]) => name), ...likeReleased.flatMap(codeWords)]);
    expect(EVENT_NAMES.filter((name) => EVENTS[name].isSent && !shown.has(name))).toEqual([]);
  });

  it('is linked from the readers of its own repository', () => {
    expect(textOf('docs/architecture.md')).toContain('(events.md)');
  });
});
