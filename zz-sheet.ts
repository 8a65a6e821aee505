import { readFileSync } from 'node:fs';
import { chromiumPath, launchChromium } from '#tests/helpers/chromium';
const [folder = 'docs/pictures/console'] = process.argv.slice(2);
const views = ['sequences','sequence','rehearsal','leads','lead','task','team','report','operations','start','mails'];
const browser = await launchChromium(chromiumPath()!);
const page = await browser.newPage({ viewport: { width: 1960, height: 1300 } });
const img = (n: string, w: number) => `<img style="width:${w}px;display:inline-block;margin:2px;vertical-align:top" src="data:image/webp;base64,${readFileSync(`${folder}/${n}.webp`).toString('base64')}">`;
const shot = async (names: string[], w: number, out: string) => { await page.setContent(`<body style="margin:0;background:#888">${names.map((n)=>img(n,w)).join('')}</body>`); await page.waitForTimeout(300); await page.screenshot({ path: out, fullPage: true }); };
for (const [look, tag] of [['', 'light'], ['-dark', 'dark']] as const) {
  await shot(views.slice(0,4).map((v)=>v+look), 970, `/tmp/pics/${tag}-1.png`);
  await shot(views.slice(4,8).map((v)=>v+look), 970, `/tmp/pics/${tag}-2.png`);
  await shot(views.slice(8,11).map((v)=>v+look), 970, `/tmp/pics/${tag}-3.png`);
}
await shot(views.slice(0,5).map((v)=>v+'-phone'), 375, '/tmp/pics/phone-1.png');
await shot(views.slice(5,11).map((v)=>v+'-phone'), 320, '/tmp/pics/phone-2.png');
await browser.close(); process.exit(0);
