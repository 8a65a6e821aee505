import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { classifyReply } from '#core/replies/classify-reply';
import { type ReplyKind, replyKinds } from '#core/replies/reply';

type Labelled = { is: ReplyKind; back?: string; subject: string; text: string; headers?: Record<string, string> };

const folder = 'tests/fixtures/replies';
const today = '2026-03-23';
const labelled = readdirSync(folder)
  .filter((it) => it.endsWith('.yaml'))
  .flatMap((file) =>
    (parse(readFileSync(`${folder}/${file}`, 'utf8')) as Labelled[]).map((it, at) => ({ ...it, name: `${file} ${at + 1} ${it.subject}` })),
  );
const judge = ({ subject, text, headers = {} }: Labelled) =>
  classifyReply({ subject, text, headers: Object.entries(headers).map(([name, value]) => ({ name: name.toLowerCase(), value })) }, today);

/** Written by whoever wrote the phrases, so they show that nothing breaks, not how it fares in the wild. */
const floor = 0.95;

describe('replies', () => {
  it('are at least sixty, of every kind', () => {
    expect(labelled.length).toBeGreaterThanOrEqual(60);
    expect(new Set(labelled.map((it) => it.is))).toEqual(new Set(replyKinds));
  });

  it('are told apart', () => {
    const judged = labelled.map((it) => ({ ...it, found: judge(it) }));
    const wrong = judged.filter((it) => it.found.kind !== it.is).map((it) => `${it.name}: ${it.found.kind} ${it.found.reasons.join()}`);
    const figures = replyKinds.map((kind) => {
      const right = judged.filter((it) => it.is === kind && it.found.kind === kind).length;
      const precision = right / judged.filter((it) => it.found.kind === kind).length;
      const recall = right / judged.filter((it) => it.is === kind).length;
      return { kind, of: judged.filter((it) => it.is === kind).length, precision, recall };
    });
    console.info(
      figures.map((it) => `${it.kind} (${it.of}): precision ${it.precision.toFixed(2)}, recall ${it.recall.toFixed(2)}`).join('\n'),
    );
    if (wrong.length > 0) console.info(wrong.join('\n'));
    for (const it of figures) {
      expect(it.precision, it.kind).toBeGreaterThanOrEqual(floor);
      expect(it.recall, it.kind).toBeGreaterThanOrEqual(floor);
    }
  });

  it.each(labelled.filter((it) => it.is === 'out-of-office').map((it) => [it.name, it] as const))('say when they end: %s', (_, it) => {
    expect(judge(it).backOn).toBe(it.back);
  });

  it('come with a confidence and with reasons', () => {
    for (const it of labelled) {
      const { confidence, reasons } = judge(it);
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(reasons.length).toBeGreaterThan(0);
    }
  });
});
