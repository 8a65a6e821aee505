// Draws docs/pictures/fortnight.svg: a lead's fortnight in one picture. Run: node docs/pictures/make-fortnight.mjs
import { writeFileSync } from 'node:fs';

const width = 980;
const left = 60;
const right = width - 40;
const days = 14;
const x = (day) => left + ((right - left) * day) / days;
const text = (cx, y, words, more = '') => `<text x="${cx}" y="${y}" ${more}>${words}</text>`;
const dot = (day, y, colour, label, below, anchor = 'middle') =>
  `<circle cx="${x(day)}" cy="${y}" r="7" fill="${colour}"/>` +
  text(x(day), below ? y + 26 : y - 15, label, `text-anchor="${anchor}" class="label"`);

const mail = '#2f6fde';
const act = '#d9822b';
const good = '#0f8a5f';
const lines = [
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} 372" role="img" aria-label="A lead's fortnight: e-mails, what the lead does, the score that rises, the handoff to sales">`,
  '<style>text{font:14px system-ui,sans-serif;fill:#1d2733}.row{font-weight:600}.label{font-size:13px}.soft{fill:#5c6b7a;font-size:12px}</style>',
  `<rect width="${width}" height="372" rx="12" fill="#f7f9fb"/>`,
];
for (let day = 0; day <= days; day++) {
  lines.push(`<line x1="${x(day)}" y1="34" x2="${x(day)}" y2="322" stroke="#dfe5eb"/>`);
  lines.push(text(x(day), 342, day === 0 ? 'day 0' : String(day), 'text-anchor="middle" class="soft"'));
}
lines.push(text(left - 40, 26, 'Baton sends', 'class="row"'));
lines.push(`<line x1="${left}" y1="72" x2="${x(8.35)}" y2="72" stroke="${mail}" stroke-width="2"/>`);
lines.push(dot(0, 72, mail, 'welcome, at once', true, 'start'));
lines.push(dot(2.8, 72, mail, 'tips, as a project exists', true, 'start'));
lines.push(dot(6.8, 72, mail, 'a customer’s story', true));
lines.push(`<line x1="${x(8.35)}" y1="72" x2="${right}" y2="72" stroke="#b9c4cf" stroke-width="2" stroke-dasharray="5 5"/>`);
lines.push(text(x(11.2), 58, 'no more nurture mail', 'text-anchor="middle" class="soft"'));
lines.push(text(left - 40, 134, 'The lead does', 'class="row"'));
lines.push(dot(2.4, 170, act, 'first project', true));
lines.push(dot(7, 170, act, 'clicks', true));
lines.push(dot(8, 170, act, 'prices, 3 ×', true, 'start'));
lines.push(text(left - 40, 224, 'Score', 'class="row"'));
const curve = [[0, 300], [2.4, 300], [2.4, 276], [7, 280], [7, 270], [8, 271], [8, 238], [14, 246]];
lines.push(`<polyline points="${curve.map(([day, y]) => `${x(day)},${y}`).join(' ')}" fill="none" stroke="${good}" stroke-width="3"/>`);
lines.push(`<line x1="${left}" y1="250" x2="${right}" y2="250" stroke="${good}" stroke-dasharray="3 4"/>`);
lines.push(text(left + 4, 245, 'qualified', 'class="soft"'));
lines.push(dot(8.35, 300, good, 'held 30 minutes, then one explained task for sales', true, 'middle'));
lines.push('</svg>');
writeFileSync(new URL('./fortnight.svg', import.meta.url), `${lines.join('\n')}\n`);
