import { EmailAddress } from './lead.ts';

/** RFC 5321: of the whole address (with its angle brackets 256), and of the part before the `@`. */
const maxLength = 254;
const maxLocalLength = 64;

/**
 * One spelling an address: trimmed, NFC, lower case, domain in punycode; plus tags and dots stay. undefined: not an
 * address that mail can be sent to.
 */
export const normaliseEmail = (raw: string): string | undefined => {
  const text = raw.trim().normalize('NFC').toLowerCase();
  const at = text.lastIndexOf('@');
  if (at < 1 || at > maxLocalLength) return undefined;
  const domain = punycode(text.slice(at + 1));
  const address = `${text.slice(0, at)}@${domain}`;
  return domain && address.length <= maxLength && EmailAddress.safeParse(address).success ? address : undefined;
};

export const emailDomain = (email: string): string => email.slice(email.lastIndexOf('@') + 1);

/** By the URL standard's own rules for host names. */
const punycode = (domain: string): string | undefined => {
  if (/[\s/?#@:\\[\]%]/.test(domain)) return undefined;
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return undefined;
  }
};
