import { isbot } from 'isbot';
import type { AgentKind } from './events.ts';

/** Fetch pictures for a mailbox provider's readers, nearly always as somebody opens the mail. */
const imageProxies = /GoogleImageProxy|ggpht\.com|YahooMailProxy/i;
/** Relays that say so. Apple's does not: it calls itself `Mozilla/5.0` and no more. */
const privacyRelays = /mail ?privacy|private ?relay|proton ?mail|duckduckgo-?(e-?)?mail/i;
/** Mail security, by the names that these products give themselves; most of them look like a browser instead. */
const scanners =
  /barracuda|mimecast|proofpoint|urldefense|fireeye|trellix|ironport|cisco.?(secure|email|esa)|messagelabs|symantec|trend ?micro|\btmes\b|sophos|forcepoint|fortimail|safe ?links|microsoft.?(safe|defender)|bitdefender|\begress\b|cloudmark|\bvade\b|check ?point|google-?safety|virustotal|urlscan|phishtank/i;
/** Show a mail to its reader. `isbot` takes most of them for bots, because they are no browsers. */
const mailPrograms =
  /Thunderbird|Outlook-(iOS|Android)|Microsoft (Office|Outlook)|ms-office|MSOffice|AppleMail|Airmail|^Spark\/|K-9 Mail|eM ?Client|Lotus-Notes|SamsungEmail|Superhuman|Postbox|Evolution\//i;
/** Apple Mail without its relay: the engine of Safari without Safari's name. */
const appleMail = /^Mozilla\/5\.0 \((Macintosh|iPhone|iPad)[^)]*\) AppleWebKit\/[\d.]+ \(KHTML, like Gecko\)( Mobile\/\w+)?$/;
/** Names are decided by their beginning; a long one is somebody's joke. */
const longest = 512;

/** What kind of program asked for a picture or a link, by what it called itself. */
export const agentOf = (userAgent: string | undefined): AgentKind => {
  const agent = (userAgent ?? '').slice(0, longest).trim();
  const known = kinds.get(agent);
  if (known) return known;
  const kind = kindOf(agent);
  if (kinds.size >= mostKinds) kinds.clear();
  kinds.set(agent, kind);
  return kind;
};

/** There are few programs, and long patterns to look for in their names. */
const kinds = new Map<string, AgentKind>();
const mostKinds = 2000;

const kindOf = (agent: string): AgentKind => {
  if (agent === '' || agent === '-') return 'none';
  if (agent === 'Mozilla/5.0') return 'bare';
  if (imageProxies.test(agent)) return 'image-proxy';
  if (scanners.test(agent)) return 'scanner';
  if (privacyRelays.test(agent)) return 'privacy-relay';
  if (mailPrograms.test(agent) || appleMail.test(agent)) return 'mail-program';
  return isbot(agent) ? 'bot' : 'browser';
};
