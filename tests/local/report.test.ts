import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { type Diagram, diagramOf, edgeKey } from '#core/sequences/diagram';
import { toSvg } from '#core/sequences/diagram-svg';
import { runDemo } from '#local/demo';
import type { DemoReport } from '#local/demo-report';
import { reportHtml } from '#local/report/html';
import { diagramFiguresOf } from '#local/report/sequences';

let report: DemoReport;
let diagrams: readonly Diagram[];
let html = '';
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'baton-report-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const [header = '', ...rows] = (await readFile('examples/leads.csv', 'utf8')).split('\n');
  const company = header.split(',').indexOf('company');
  const hostile = rows.slice(0, 120).map((row) =>
    row
      .split(',')
      .map((cell, at) => (at === company ? `<script>alert(1)</script> & ${cell}` : cell))
      .join(','),
  );
  await writeFile(join(folder, 'leads.csv'), [header, ...hostile].join('\n'));
  const marketing = await loadMarketing('marketing');
  const { compiled } = await compileMarketing(marketing);
  if (!marketing.live) throw new Error('marketing/ has errors');
  diagrams = compiled.map((it) => diagramOf(it.sequence));
  report = await runDemo({
    compiled: compiled.map((it) => it.compiled),
    live: marketing.live,
    diagrams,
    leadsFile: join(folder, 'leads.csv'),
    list: 'webinar',
    days: 30,
    seed: 'one',
    stack: 'memory',
  });
  html = reportHtml(report, diagrams);
}, 60_000);

/** The rows of a table, by its caption's beginning. */
const rowsOf = (caption: string): readonly (readonly string[])[] => {
  const table = html.split('<table>').find((it) => it.startsWith(`<caption>${caption}`)) ?? '';
  const body = table.slice(table.indexOf('<tbody>'), table.indexOf('</tbody>'));
  return [...body.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map((it) => it[1] ?? ''),
  );
};
const numbersOf = (caption: string, columns: readonly number[]) => rowsOf(caption).map((row) => columns.map((it) => Number(row[it])));
const cardOf = (label: string) => html.match(new RegExp(`<dt>${label}</dt><dd>(.*?)</dd>`))?.[1];

describe('the report as HTML', () => {
  it('says the numbers of the JSON report in its cards', () => {
    const { costUsd, qualified } = report;
    const shown = ['leads', 'enrolments', 'e-mails sent', 'leads qualified', 'sales tasks', 'AWS cost', 'cost per qualified lead'].map(
      cardOf,
    );
    const { leads, enrolments, emailsSent, salesTasks } = report;
    const counts = [leads, enrolments, emailsSent, qualified, salesTasks].map((it) => it.toLocaleString('en-US'));
    expect(qualified).toBeGreaterThan(0);
    expect(shown).toEqual([...counts, `$${costUsd.total.toFixed(4)}`, `$${(costUsd.total / qualified).toFixed(4)}`]);
    for (const label of ['e-mails sent twice', 'e-mails after a stop', 'e-mails outside their window', 'state transitions over budget'])
      expect(cardOf(label)).toBe('0 ✓');
  });

  it('shows a broken promise as such', () => {
    const broken = reportHtml({ ...report, duplicateSends: 3 }, diagrams);
    expect(broken).toContain('<div class="card bad"><dt>e-mails sent twice – must be 0</dt><dd>3 ✗</dd></div>');
  });

  it('says the numbers of the JSON report in its tables', () => {
    const days = report.emailsPerDay.map(({ sent }) => Object.values(sent));
    const columns = Array.from({ length: report.sequences.length + 1 }, (_, at) => at + 1);
    expect(numbersOf('E-mails by day', columns)).toEqual(days.map((it) => [...it, it.reduce((sum, one) => sum + one, 0)]));
    for (const { sequence, steps, ways, endings } of report.sequences) {
      const figures = steps.map((it) => [it.entered, it.waiting, it.stopped, it.sent, it.opened, it.clicked, it.unsubscribed]);
      expect(rowsOf(`Steps of ${sequence}`)).toEqual(figures.map((it, at) => [steps[at]?.step, ...it.map((one) => String(one ?? '-'))]));
      expect(rowsOf(`Ways between the steps of ${sequence}`).map((it) => it[3])).toEqual(ways.map((it) => String(it.count)));
      expect(rowsOf(`Why leads ended: ${sequence}`).map((it) => it.slice(1))).toEqual(
        Object.entries(endings).map(([why, it]) => [why, String(it)]),
      );
    }
    expect(numbersOf('Handed-off leads', [3, 4])).toEqual(report.tasks.map((it) => [it.fit, it.engagement]));
    const costs = rowsOf('AWS list prices').map((it) => it[2]);
    const { ses, stepFunctions, lambda, dynamoDb, sqs, eventBridge, s3, apiGateway, logs, total } = report.costUsd;
    expect(costs).toEqual(
      [ses, stepFunctions, lambda, dynamoDb, sqs, eventBridge, s3, apiGateway, logs, total].map((it) => `$${it.toFixed(4)}`),
    );
    const reasons = [...Object.entries(report.notEnrolled), ...Object.entries(report.skipped)];
    expect(rowsOf('Reasons why').map((it) => [it[1], Number(it[3])])).toEqual(reasons);
    const { deadLetters, unknownSends, failedRuns, imported } = report;
    expect(numbersOf('What a person', [1]).flat()).toEqual([
      deadLetters,
      unknownSends,
      failedRuns,
      imported.rejected.length,
      imported.warnings.length,
    ]);
  });

  it('asks nobody for anything and runs nothing', () => {
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    expect(html).not.toMatch(/<script|<link|<iframe|@import|url\(|javascript:|\son\w+=/i);
    expect([...html.matchAll(/\s(?:src|href|xlink:href)="([^"]*)"/g)].filter((it) => !it[1]?.startsWith('data:image/svg+xml'))).toEqual([]);
    expect(html).not.toContain('http://');
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('shows a hostile company as text, in charts and tables', () => {
    expect(report.tasks.some((it) => it.company.includes('<script>'))).toBe(true);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp;');
  });

  it('is the same, byte for byte, for the same report', () => {
    expect(reportHtml(report, diagrams)).toBe(html);
  });
});

describe('the figures of a run', () => {
  it('add up: who came to a step came by its ways, and is there, ended there or went on', () => {
    for (const { enrolments, steps, ways, endings } of report.sequences) {
      for (const { step, entered, waiting, stopped } of steps) {
        const into = ways.filter((it) => it.to === step).reduce((sum, it) => sum + it.count, 0);
        const onward = ways.filter((it) => it.from === step);
        expect(into).toBe(entered);
        if (onward.length > 0) expect(onward.reduce((sum, it) => sum + it.count, 0) + waiting + stopped).toBe(entered);
      }
      expect(Object.values(endings).reduce((sum, it) => sum + it, 0)).toBe(enrolments);
      expect(ways.filter((it) => it.to === '(end)').reduce((sum, it) => sum + it.count, 0)).toBe(endings.completed ?? 0);
    }
    const sent = report.emailsPerDay.flatMap((it) => Object.values(it.sent)).reduce((sum, it) => sum + it, 0);
    expect(sent).toBe(report.emailsSent);
  });

  it('explain the score of every task by rules', () => {
    for (const { fit, engagement, points } of report.tasks) {
      const of = (kind: string) => points.filter((it) => it.of === kind).reduce((sum, it) => sum + it.points, 0);
      expect(of('fit')).toBe(fit);
      expect(Math.abs(of('engagement') - engagement)).toBeLessThan(0.06 * points.length);
    }
  });

  it('stand on the diagram, and leave it as it was without them', () => {
    for (const one of report.sequences) {
      const diagram = diagrams.find((it) => it.title === one.sequence) as Diagram;
      const svg = toSvg(diagram, diagramFiguresOf(one, diagram));
      expect(svg).toContain(`>${one.enrolments} entered</text>`);
      for (const it of one.ways) expect(svg).toContain(it.label === '' ? `>${it.count}</text>` : `>${it.label} · ${it.count} (`);
      expect(svg).not.toMatch(/NaN|undefined/);
      expect(toSvg(diagram)).not.toContain('figure');
    }
  });

  it('may be plain words', () => {
    const diagram = diagrams[0] as Diagram;
    const [edge] = diagram.edges;
    const svg = toSvg(diagram, { nodes: { '(start)': 'some came' }, edges: edge ? { [edgeKey(edge)]: 'all <of> them' } : {} });
    expect(svg).toContain('>some came</text>');
    expect(svg).toContain('>all &lt;of&gt; them</text>');
  });
});
