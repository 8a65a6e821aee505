import * as z from 'zod';
import type { Brand } from './config.ts';
import { consentColumns } from './consent-columns.ts';
import { meantHint } from './did-you-mean.ts';
import { type Form, secondsInput } from './forms.ts';
import { fieldName } from './lead-import.ts';
import { normaliseLocale } from './locale.ts';
import type { Report } from './problems.ts';

const Field = z.strictObject({
  label: z.string().min(1).describe('What people read'),
  required: z.boolean().optional().describe('Whether it must be filled in; else no'),
});

export const FormShape = z.strictObject({
  list: z.string().min(1).max(80).describe('The list that people come on; sequences enter on it with `imported`'),
  locale: z.string().optional().describe('The language of the form; else that of brand.yaml'),
  email: z.string().min(1).optional().describe('What people read beside the e-mail address; else E-mail'),
  button: z.string().min(1).optional().describe('What stands on the button; else Send'),
  fields: z.record(z.string(), Field).optional().describe('What is asked besides the e-mail address: fields of the lead'),
  consent: z
    .strictObject({
      topic: z.string().describe('The topic of brand.yaml that people agree to'),
      text: z.string().min(10).describe('The words that they agree to; kept with the consent'),
      required: z.boolean().optional().describe('Whether the form can be sent without; else yes'),
    })
    .optional()
    .describe('A box that people tick'),
  trap: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,30}$/, 'a name in lower case, such as website')
    .optional()
    .describe('Name of an input that people do not see; else website'),
  'least-seconds': z
    .number()
    .int()
    .min(1)
    .max(60)
    .optional()
    .describe('Who fills it in faster is a machine, as the page says itself (JavaScript); nobody is kept out for not saying'),
  redirect: z
    .url({ protocol: /^https$/ })
    .optional()
    .describe('The page that people come to then'),
  thanks: z.string().min(1).describe('What people read then, if there is no redirect, or their browser does not follow it'),
  problem: z.string().min(1).describe('What people read when something is missing'),
});

export const readForm = (
  data: z.output<typeof FormShape>,
  { topics, locale: usual, sites }: Pick<Brand, 'topics' | 'locale' | 'sites'>,
  report: Report,
): Form => {
  const known = Object.keys(topics);
  const { consent, fields = {}, redirect, list, thanks, problem } = data;
  if (consent && !known.includes(consent.topic)) {
    report(['consent', 'topic'], {
      code: 'unknown-topic',
      what: 'there is no such topic in brand.yaml',
      got: consent.topic,
      allowed: known.join(', '),
      ...meantHint(consent.topic, known),
    });
  }
  if (!sites)
    report(['list'], {
      severity: 'warning',
      code: 'no-sites',
      what: 'brand.yaml names no sites, so this form is taken from none of your pages',
      hint: 'say in brand.yaml where it stands: sites: [https://www.yourcompany.example]',
      at: 'key',
    });
  const trap = data.trap ?? 'website';
  const taken: readonly string[] = ['email', 'consent', trap, secondsInput, ...consentColumns];
  for (const field of Object.keys(fields)) {
    if (fieldName(field) !== field || taken.includes(field))
      report(['fields', field], {
        code: 'bad-field',
        what: 'this cannot be the name of a field here',
        got: field,
        allowed: 'kebab-case, not email, consent or the trap, nor what a list says of consent',
        at: 'key',
      });
  }
  const locale = data.locale === undefined ? usual : normaliseLocale(data.locale);
  if (locale === undefined)
    report(['locale'], {
      code: 'not-a-locale',
      what: 'this is not a language',
      got: data.locale ?? '',
      allowed: 'en, or with a country en-IE',
    });
  return {
    list,
    locale: locale ?? usual,
    emailLabel: data.email ?? 'E-mail',
    button: data.button ?? 'Send',
    fields: Object.entries(fields).map(([field, { label, required = false }]) => ({ field, label, required })),
    ...(consent && { consent: { topic: consent.topic, text: consent.text, required: consent.required ?? true } }),
    trap,
    ...(data['least-seconds'] !== undefined && { leastSeconds: data['least-seconds'] }),
    ...(redirect !== undefined && { redirect }),
    thanks,
    problem,
  };
};
