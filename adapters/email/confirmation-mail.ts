import { confirmationEmail } from '#core/sequences/confirmation';
import type { EmailFile } from './compile-emails.ts';

/** Subject, preheader, question, button, and what happens if the reader does nothing. */
type Words = readonly [subject: string, preheader: string, question: string, button: string, otherwise: string];

const words: { readonly [language: string]: Words } = {
  en: [
    'Please confirm: {{ topic.label }}',
    'One press, and you are on the list',
    'somebody, we hope you, asked us to send e-mails about **{{ topic.label }}** to this address. Was it you?',
    'Yes, send them to me',
    'If it was not you, do nothing: you will not get any. The link works for a few days.',
  ],
  de: [
    'Bitte bestätigen: {{ topic.label }}',
    'Ein Klick, und Sie sind dabei',
    'jemand, hoffentlich Sie selbst, hat uns gebeten, E-Mails zum Thema **{{ topic.label }}** an diese Adresse zu schicken. Waren Sie das?',
    'Ja, bitte schicken',
    'Wenn nicht, müssen Sie nichts tun: Sie bekommen dann keine. Der Link gilt einige Tage.',
  ],
  fr: [
    'Merci de confirmer : {{ topic.label }}',
    'Un clic et vous êtes inscrit',
    'quelqu’un, vous sans doute, nous a demandé d’envoyer à cette adresse des e-mails sur **{{ topic.label }}**. Était-ce vous ?',
    'Oui, envoyez-les-moi',
    'Sinon, ne faites rien : vous n’en recevrez aucun. Le lien reste valable quelques jours.',
  ],
  es: [
    'Confirme, por favor: {{ topic.label }}',
    'Un clic y queda suscrito',
    'alguien, esperamos que usted, nos ha pedido que enviemos a esta dirección correos sobre **{{ topic.label }}**. ¿Ha sido usted?',
    'Sí, envíenmelos',
    'Si no ha sido usted, no haga nada: no recibirá ninguno. El enlace vale unos días.',
  ],
  it: [
    'Confermi, per favore: {{ topic.label }}',
    'Un clic e l’iscrizione è fatta',
    'qualcuno, speriamo lei, ci ha chiesto di inviare a questo indirizzo e-mail su **{{ topic.label }}**. È stato lei?',
    'Sì, inviatemele',
    'Se non è stato lei, non faccia nulla: non ne riceverà. Il link vale qualche giorno.',
  ],
  nl: [
    'Bevestigt u dit even: {{ topic.label }}',
    'Eén klik en u staat op de lijst',
    'iemand, hopelijk uzelf, vroeg ons om e-mails over **{{ topic.label }}** naar dit adres te sturen. Was u dat?',
    'Ja, stuur ze mij',
    'Zo niet, dan hoeft u niets te doen: u krijgt er geen. De link werkt een paar dagen.',
  ],
  pt: [
    'Confirme, por favor: {{ topic.label }}',
    'Um clique e está inscrito',
    'alguém, esperamos que tenha sido a própria pessoa, pediu-nos que enviássemos para este endereço e-mails sobre **{{ topic.label }}**. Foi o seu caso?',
    'Sim, enviem-mos',
    'Se não foi, não precisa de fazer nada: não receberá nenhum. A ligação é válida por alguns dias.',
  ],
  pl: [
    'Prosimy o potwierdzenie: {{ topic.label }}',
    'Jedno kliknięcie wystarczy',
    'ktoś, mamy nadzieję, że to Ty, poprosił nas o wysyłanie na ten adres wiadomości na temat **{{ topic.label }}**. Czy to na pewno Ty?',
    'Tak, chcę je dostawać',
    'Jeśli nie, nie musisz nic robić: nic nie wyślemy. Link działa przez kilka dni.',
  ],
};

/** Languages in which we have the mail that asks for confirmation. */
export const confirmationLanguages: readonly string[] = Object.keys(words);

const greetings: { readonly [language: string]: string } = {
  en: 'Hello,',
  de: 'Guten Tag,',
  fr: 'Bonjour,',
  es: 'Hola:',
  it: 'Buongiorno,',
  nl: 'Goedendag,',
  pt: 'Olá,',
  pl: 'Dzień dobry,',
};

const letterIn = (language: string): string => {
  const [subject, preheader, question, button, otherwise] = words[language] ?? (words.en as Words);
  const greeting = greetings[language] ?? greetings.en;
  return `---\nsubject: "${subject}"\npreheader: "${preheader}"\n---\n${greeting}\n\n${question}\n\n[${button}]({{ confirm-url }}){.button}\n\n${otherwise}\n`;
};

/** The marketer's own files, all of them; without any, ours: the brand's language (else English) for everybody, and all others. */
export const confirmationFiles = (own: { readonly [name: string]: EmailFile }, locale: string): { readonly [name: string]: EmailFile } => {
  if (Object.keys(own).length > 0) return own;
  const plain = words[locale.slice(0, 2)] ? locale.slice(0, 2) : 'en';
  const others = confirmationLanguages.filter((it) => it !== plain);
  const email = confirmationEmail;
  const fileOf = (language: string, name: string) => ({
    file: `consent/${name}.md (ours)`,
    text: letterIn(language),
    kind: 'md' as const,
    email,
  });
  return {
    [email]: fileOf(plain, email),
    ...Object.fromEntries(
      others.map((language) => [`${email}.${language}`, { ...fileOf(language, `${email}.${language}`), locale: language }]),
    ),
  };
};
