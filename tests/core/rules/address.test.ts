import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emailDomain, normaliseEmail } from '#core/address';

describe('an address', () => {
  it.each([
    ['  Ada.Lovelace@Engines.EXAMPLE \n', 'ada.lovelace@engines.example'],
    ['ada+tips@engines.example', 'ada+tips@engines.example'],
    ["o'neil@engines.example", "o'neil@engines.example"],
    ['ada@Büro.example', 'ada@xn--bro-hoa.example'],
    // The same name written with a combining mark.
    ['ada@Bu\u0308ro.example', 'ada@xn--bro-hoa.example'],
    ['ada@xn--bro-hoa.example', 'ada@xn--bro-hoa.example'],
  ])('%j has one spelling', (raw, expected) => {
    expect(normaliseEmail(raw)).toBe(expected);
  });

  it.each([
    '',
    'ada',
    '@engines.example',
    'ada@',
    'ada@engines',
    'ada@@engines.example',
    'ada@127.0.0.1',
    'ada@engines.example/path',
    'ada@engines.example:80',
    'ada@user:pass@engines.example',
    'ada lovelace@engines.example',
    'ada@engi nes.example',
    'ada@eng%69nes.example',
    'Ada <ada@engines.example>',
    'ada@engines.example\r\nBcc: all@engines.example',
    `${'a'.repeat(65)}@engines.example`,
    `ada@${'engines.'.repeat(32)}example`,
    `ada@${'ü.'.repeat(60)}example`,
  ])('%j is refused', (raw) => {
    expect(normaliseEmail(raw)).toBeUndefined();
  });

  it('stays as it is when normalised again, and is plain ASCII', () => {
    const domain = fc.oneof(fc.domain(), fc.constantFrom('Büro.example', 'ＥＸＡＭＰＬＥ.com', 'straße.example', '例え.example'));
    const local = fc.oneof(
      fc.stringMatching(/^[a-zA-Z0-9+._'-]{1,20}$/),
      fc.emailAddress().map((it) => it.slice(0, it.indexOf('@'))),
      fc.string(),
    );
    fc.assert(
      fc.property(local, domain, (name, host) => {
        const address = normaliseEmail(`${name}@${host}`);
        if (address === undefined) return;
        expect(normaliseEmail(address)).toBe(address);
        expect(address).toMatch(/^[\x21-\x7e]{3,254}$/);
        expect(address).toBe(address.toLowerCase());
      }),
      { numRuns: 500 },
    );
  });

  it('has a domain after its last @', () => {
    expect(emailDomain('ada@engines.example')).toBe('engines.example');
  });
});
