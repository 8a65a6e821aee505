import { Document, isMap, isScalar, isSeq, type Node, visit } from 'yaml';
import type { Foreign, Note } from './foreign.ts';
import type { Structured } from './structure.ts';

export type Head = { readonly id: string; readonly owner: string; readonly topic: string };

const names = { pinpoint: 'Amazon Pinpoint', mautic: 'Mautic', dittofeed: 'Dittofeed', mailshot: 'mailshot' } as const;

export const sequenceYaml = ({ format, name, enter, again, exits }: Foreign, { steps }: Structured, { id, owner, topic }: Head): string => {
  const data = {
    sequence: id,
    owner,
    topic,
    enter: { ...enter, ...(again !== undefined && { again }) },
    ...(exits.length > 0 && { exit: exits }),
    steps,
  };
  return `# From ${names[format]}, “${name.replace(/\s+/g, ' ')}”. What did not come over is in imported.md beside this file.\n${inHouseStyle(data)}`;
};

const longestLine = 90;

/** What is small stands on one line: `- welcome: { email: welcome }`. */
const inHouseStyle = (data: unknown): string => {
  const document = new Document(data);
  visit(document, {
    Map: (_, map, path) => {
      if (path.length > 1 && map.items.every(({ value }) => isPlain(value as Node)) && JSON.stringify(map).length < longestLine)
        map.flow = true;
    },
  });
  return document.toString({ lineWidth: 120 });
};

const isPlain = (node: Node | null): boolean =>
  isScalar(node) || (isSeq(node) && node.items.every((it) => isScalar(it))) || (isMap(node) && node.items.length === 0);

export type ImportReport = {
  readonly format: Foreign['format'];
  readonly name: string;
  readonly sequence: string;
  readonly activities: number;
  readonly steps: readonly string[];
  readonly emails: readonly { readonly name: string; readonly hasText: boolean }[];
  readonly notes: readonly Note[];
};

/** What came of it, activity by activity: for the terminal, and kept beside the sequence. */
export const reportInWords = ({ format, name, sequence, activities, steps, emails, notes }: ImportReport): string => {
  const of = (fate: Note['fate']) => notes.filter((it) => it.fate === fate);
  const lines = (fate: Note['fate']) => [...new Set(of(fate).map(({ activity, why }) => `- ${activity}: ${why}`))];
  const empty = emails.filter((it) => !it.hasText);
  return [
    `# ${sequence}, from ${names[format]}: “${name}”`,
    '',
    `${counted(activities, 'activity', 'activities')} became ${counted(steps.length, 'step', 'steps')} and ${counted(emails.length, 'e-mail', 'e-mails')}, ${empty.length} of them without their text.`,
    ...(lines('left-out').length > 0 ? ['', '## Left out', '', ...lines('left-out')] : []),
    ...(lines('changed').length > 0 ? ['', '## Not quite the same: look at these', '', ...lines('changed')] : []),
    ...(empty.length > 0 ? ['', '## E-mails to be written', '', ...empty.map((it) => `- emails/${it.name}.md`)] : []),
    '',
  ].join('\n');
};

const counted = (count: number, one: string, more: string) => `${count} ${count === 1 ? one : more}`;
