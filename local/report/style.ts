/** One style for screens from 375 px on, for dark rooms and for paper. */
const light = [
  '--page:#ffffff;--panel:#f6f7f9;--ink:#1c2430;--soft:#4d5868;--line:#dde1e7;--good:#1f7a4d;--bad:#b3261e;',
  '--series-1:#2f6fbf;--series-2:#d9822b;--series-3:#2a8f6a;--series-4:#8257c2',
].join('');
const dark = [
  '--page:#14181f;--panel:#1d232d;--ink:#eef1f5;--soft:#aab4c2;--line:#333c49;--good:#6fd3a0;--bad:#ff9b91;',
  '--series-1:#6aa8f0;--series-2:#f0a860;--series-3:#5fc79d;--series-4:#b695ec',
].join('');

export const style = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:968px;margin:0 auto;padding:24px}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 4px}
h2{font-size:1.25rem;margin:0 0 4px}
h3{font-size:1rem;margin:24px 0 4px}
section{margin-top:48px}
p{margin:0 0 12px}
.takeaway{color:var(--soft);max-width:70ch}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(200px,45%),1fr));gap:12px;margin:16px 0}
.card{background:var(--panel);border-radius:8px;padding:12px 14px;display:flex;flex-direction:column-reverse;justify-content:flex-end}
.card dd{margin:0;font-size:1.5rem;font-weight:650;line-height:1.2}
.card dt{font-size:.82rem;color:var(--soft)}
.card.good{border-left:4px solid var(--good)}
.card.bad{border-left:4px solid var(--bad)}
.card.bad dd{color:var(--bad)}
figure{margin:12px 0}
.chart svg{display:block;width:100%;height:auto}
.narrow{display:none}
.scroll{overflow-x:auto}
.diagram{border:1px solid var(--line);border-radius:8px;padding:8px;text-align:center}
.diagram img{max-width:none}
.swipe{display:none;font-size:.85rem;color:var(--soft)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 16px;margin:0 0 8px;padding:0;font-size:.85rem}
.legend i{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:6px;vertical-align:-1px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
details{margin-top:8px}
summary{cursor:pointer;color:var(--soft);font-size:.9rem}
table{border-collapse:collapse;font-size:.85rem;margin:8px 0;min-width:50%}
caption{text-align:left;color:var(--soft);padding-bottom:4px}
th,td{text-align:left;vertical-align:top;padding:4px 14px 4px 0;border-bottom:1px solid var(--line);font-weight:400}
thead th{font-weight:600}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
footer{margin-top:48px;color:var(--soft);font-size:.85rem}
@media (max-width:600px){main{padding:16px}.wide{display:none}.narrow{display:block}section{margin-top:36px}.diagram{text-align:left}.diagram img{max-width:540px;height:auto}.swipe{display:block}}
@media print{:root{${light}}main{max-width:none;padding:0}.wide{display:block}.narrow{display:none}.card,.chart,tr{break-inside:avoid}
.cards{grid-template-columns:repeat(4,1fr)}.card{border:1px solid var(--line)}.swipe{display:none}.scroll{overflow:visible}.diagram img{max-width:100%;max-height:240mm}h2,h3{break-after:avoid}}
`;
