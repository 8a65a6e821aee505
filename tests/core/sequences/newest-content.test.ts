import { describe, expect, it } from 'vitest';
import { compileSequence } from '#core/sequences/compile';
import type { Artifact, CompiledEmail, EmailStep, Sequence, Step } from '#core/sequences/model';
import { contentOf } from '#core/sequences/newest-content';
import { everyStep } from '#core/sequences/plan';
import { digest } from '#tests/helpers/chaos';
import { nurtureSequence } from '#tests/helpers/protocol-sequence';

const mail = (id: string, more: Partial<EmailStep> = {}): Step => ({
  id,
  kind: 'email',
  email: id,
  atOnce: true,
  contentLatest: true,
  ...more,
});
const words = (text: string, more: Partial<CompiledEmail> = {}): CompiledEmail => ({
  subject: text,
  preheader: '',
  html: `<p>${text}</p><a href="https://acme.example">Look</a><a ses:no-track href="{{ unsubscribe-url }}">leave</a>`,
  text: `${text}. Leave: {{ unsubscribe-url }}`,
  ...more,
});
const version = (steps: readonly Step[], content: (step: string) => CompiledEmail, more: Partial<Sequence> = {}): Artifact => {
  const emails = everyStep(steps).flatMap((it) => (it.kind === 'email' ? [[it.id, content(it.id)] as const] : []));
  return compileSequence({ ...nurtureSequence, steps, ...more }, Object.fromEntries(emails), digest).artifact;
};
const old = version([mail('welcome'), mail('more')], () => words('Hallo'));
const fixed = () => words('Hello');
const fixedWith = (more: Partial<CompiledEmail>) => () => words('Hello', more);

describe('content: latest', () => {
  it('gives leads of an older version the newest words, and says of which version', () => {
    const newest = version([mail('welcome'), mail('more')], fixed);
    expect(contentOf(old, 'welcome', newest)).toEqual({ from: 'newest', content: fixed(), version: newest.version });
  });
  it('is decided by the deployed version: what the lead entered under need not have said it', () => {
    const silent = version([mail('welcome', {}), mail('more')], () => words('Hallo'));
    const newest = version([mail('welcome'), mail('more', { contentLatest: undefined as never })], fixed);
    expect(contentOf(silent, 'welcome', newest).from).toBe('newest');
    expect(contentOf(silent, 'more', newest)).toEqual({ from: 'own', content: words('Hallo') });
  });
  it('follows a rename that says `was:`', () => {
    const newest = version([mail('hello', { was: 'welcome' }), mail('more')], fixed);
    expect(contentOf(old, 'welcome', newest)).toMatchObject({ from: 'newest', content: { subject: 'Hello' } });
  });
  it('takes new languages along', () => {
    const newest = version([mail('welcome'), mail('more')], fixedWith({ locales: { de: words('Guten Tag') } }));
    expect(contentOf(old, 'welcome', newest).content.locales?.de?.subject).toBe('Guten Tag');
  });
  it('changes nothing where the words are the same, the sequence has retired, or the lead is on the newest', () => {
    const newest = version([mail('welcome'), mail('more'), mail('extra')], () => words('Hallo'));
    for (const it of [newest, undefined, old]) expect(contentOf(old, 'welcome', it).from).toBe('own');
  });
});

describe('what is more than other words stays away from leads in flight', () => {
  const de = { de: words('Hallo') };
  const sender = { name: 'Ana', address: 'ana@acme.example' };
  it.each<[string, Artifact, Artifact]>([
    ['gone', old, version([mail('more')], fixed)],
    ['other-file', old, version([mail('welcome', { email: 'offer' }), mail('more')], fixed)],
    ['sender', old, version([mail('welcome'), mail('more')], fixedWith({ sender }))],
    ['topic', old, version([mail('welcome'), mail('more')], fixed, { topic: 'offers' })],
    ['basis', old, version([mail('welcome'), mail('more')], fixed, { lawfulBasis: 'contract' })],
    ['transactional', version([mail('welcome', { transactional: true })], () => words('Hallo')), version([mail('welcome')], fixed)],
    ['condition', old, version([mail('welcome', { onlyIf: { kind: 'fit', atLeast: 10 } }), mail('more')], fixed)],
    ['language', version([mail('welcome')], () => words('Hallo', { locales: de })), version([mail('welcome')], fixed)],
    [
      'sender',
      version([mail('welcome')], () => words('Hallo', { locales: de })),
      version([mail('welcome')], fixedWith({ locales: { de: words('Tag', { sender }) } })),
    ],
    [
      'no-link',
      version([mail('welcome'), mail('more', { onlyIf: { kind: 'event', key: 'clicked:welcome' } })], () => words('Hallo')),
      version(
        [mail('welcome'), mail('more', { onlyIf: { kind: 'event', key: 'clicked:welcome' } })],
        fixedWith({ html: '<p>Hello</p><a ses:no-track href="{{ unsubscribe-url }}">leave</a>' }),
      ),
    ],
  ])('%s', (because, own, newest) => {
    expect(contentOf(own, 'welcome', newest)).toEqual({ from: 'kept', content: words('Hallo', own.emails.welcome?.content), because });
  });
});
