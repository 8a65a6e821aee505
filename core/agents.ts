import { isbot } from 'isbot';
import type { AgentKind } from './events.ts';

/** Fetch pictures for a mailbox provider's reader: somebody has very probably opened the mail. */
const imageProxies = /GoogleImageProxy|YahooMailProxy|ggpht\.com/i;
/** Fetch everything at delivery, read or not. Apple's has no name of its own: it calls itself an engine without a browser. */
const privacyRelays = /AppleMailPrivacy|iCloud-Mail-Relay|DuckDuckGo-Mail/i;
const appleRelay = /^Mozilla\/5\.0 \(Macintosh; Intel Mac OS X 10_15_7\) AppleWebKit\/605\.1\.15 \(KHTML, like Gecko\)$/;
/** Mail security, by the names that these products give themselves. */
const scanners =
  /barracuda|mimecast|proofpoint|urldefense|fireeye|trellix|ironport|cisco.*(email|esa)|messagelabs|symantec.*email|trend ?micro|sophos|forcepoint|safelinks|microsoft.*(preview|defender)|bitdefender|fortimail|egress|cloudmark|vade|virustotal|urlscan|phishtank/i;
const mailPrograms =
  /Thunderbird|Outlook-(iOS|Android)|Microsoft (Office|Outlook)|ms-office|MSOffice|AppleMail|Airmail|Spark|K-9 Mail|eM Client|Lotus-Notes|GoogleMail|SamsungEmail|Superhuman|Postbox/i;

/** What kind of program asked for a picture or a link. `isbot` knows crawlers and previews; mail programs it takes for bots. */
export const agentOf = (userAgent: string | undefined): AgentKind => {
  const agent = userAgent?.trim() ?? '';
  if (agent === '' || agent === '-') return 'none';
  if (imageProxies.test(agent)) return 'image-proxy';
  if (privacyRelays.test(agent)) return 'privacy-relay';
  if (scanners.test(agent)) return 'scanner';
  if (agent === 'Mozilla/5.0') return 'bare';
  if (appleRelay.test(agent)) return 'privacy-relay';
  if (mailPrograms.test(agent)) return 'mail-program';
  return isbot(agent) ? 'bot' : 'browser';
};
