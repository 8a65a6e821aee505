import { plainWords } from './plain-words.ts';

const mostWords = 25;

/**
 * Is this, all of it, the wish to get no more mail? Greetings, courtesies and a name may stand around it; any other word makes
 * it a message that a person must read. `text`: what the person wrote, without quotes and signature.
 */
export const asksToLeave = (subject: string, text: string): boolean => {
  const lines = text.split('\n').map((it) => it.trim());
  const signOff = lines.findIndex((it) => signOffLine.test(plainWords(it)));
  const written = (signOff < 0 ? lines : lines.slice(0, signOff)).filter((it) => it !== '' && !greetingLine.test(plainWords(it)));
  const withoutName =
    written.length > 1 && nameLine.test(written.at(-1) ?? '') && !saysLeave(written.at(-1) ?? '') ? written.slice(0, -1) : written;
  return withoutName.length === 0 ? saysLeave(subject) : saysLeave(withoutName.join(' '));
};

const greetingLine =
  /^(?:hi|hello|hey|dear|good (?:morning|afternoon)|hallo|guten (?:tag|morgen)|moin|liebe\w*|sehr geehrte\w*|bonjour|salut|hola|buenos dias|ciao|buongiorno|salve|beste|dag|ola|bom dia|dzien dobry|witam|czesc)\b[^.?!:]{0,40}[,.!]?$/;
const signOffLine =
  /^(?:(?:best|kind|warm|many)? ?regards|best(?: wishes)?|cheers|sincerely|(?:mit )?(?:freundliche[nm]?|viele|beste|liebe) grusse[n]?|mfg|lg|gruss|cordialement|bien a vous|(?:un )?(?:cordial )?saludos?|cordiali saluti|saluti|met vriendelijke groet(?:en)?|groet(?:en|jes)?|(?:com os melhores )?cumprimentos|atenciosamente|pozdrawiam|z powazaniem)[,.! ]*$/;
const nameLine = /^\p{Lu}[\p{L}.'-]*(?:\s+\p{Lu}[\p{L}.'-]*){0,2}$/u;

/** Phrases of several words become one. */
const phrases =
  /\b(?:take me off|opt(?:ing)? ?-?out|no more (?:e-?)?mails?|(?:stop|quit) (?:e-?mailing|mailing|sending|contacting)|(?:nehmen sie|nimm) mich (?:aus|von)|tragen sie mich(?: bitte)? aus|melden sie mich(?: bitte)? ab|melde mich ab|keine (?:weiteren |mehr )?(?:e-?)?(?:mails?|werbung|newsletter)(?: mehr)?|plus de mails?|ne plus (?:recevoir|m'envoyer)|desabonnez-moi|desinscrivez-moi|retirez-moi|(?:dar(?:me)?|denme|dame|dadme) de baja|no (?:quiero|deseo) recibir mas|no me (?:envien|envie|manden) mas|non voglio (?:piu )?ricevere|non inviatemi piu|schrijf (?:me|mij)(?: a\.?u\.?b\.?)? uit|meld (?:me|mij) af|haal mij (?:van|uit)|geen (?:mails?|nieuwsbrief)(?: meer)?|nao (?:quero|desejo)(?: mais)? receber|prosze (?:mnie )?(?:wypisac|usunac)|nie wysylajcie)\b/g;

const leave: ReadonlySet<string> = new Set(
  'unsubscribe unsubscribed unsub remove stop delete abmelden abmeldung austragen abbestellen abbestellung stopp loschen desabonner desabonnement desinscrire desinscription desinscrivez stop arretez baja eliminar eliminadme cancelar cancelarme desuscribir desuscribirme disiscrivimi disiscrivetemi disiscrizione cancellami cancellatemi cancellazione rimuovetemi rimuovimi uitschrijven afmelden verwijder verwijderen descadastrar remover remova removam wypisz wypisac wypiszcie rezygnuje usun usunac leave'.split(
    ' ',
  ),
);

const courtesies: ReadonlySet<string> = new Set(
  "please pls plz thanks thank you hi hello me my from this these your the all of any list lists mailing newsletter newsletters email emails e-mail e-mails mail mails address and to sending contacting now kindly again further future it database bitte danke mich mir meine meinen adresse aus von vom ihrem ihren diesem dem der den verteiler liste sie und newsletter e-mails weiteren mails hallo merci svp moi me de la votre vos liste cette bonjour veuillez se du des les vous plait s'il por favor gracias lista de su la esta suscripcion el boletin correo correos quiero hola mas per favore grazie dalla vostra mailing lista questa mi la iscrizione newsletter graag bedankt mij me uit van de deze jullie lijst nieuwsbrief voor a.u.b aub dank obrigado obrigada a minha subscricao inscricao lista e-mails da de mais me prosze dziekuje mnie z listy tej newslettera subskrypcji subskrypcje".split(
    ' ',
  ),
);

const saysLeave = (text: string): boolean => {
  const marked = plainWords(text)
    .replace(/^\s*(?:re|aw|sv|antw|odp|rif|tr|fwd?)\s*:\s*/, '')
    .replace(/a\.u\.b\.?/g, 'aub')
    .replace(phrases, ' unsubscribe ');
  if (text.includes('?')) return false;
  const words = marked.split(/[\s,;:!.()"]+/).filter((it) => it !== '');
  if (words.length > mostWords || !words.some((it) => leave.has(it))) return false;
  return words.every((it) => leave.has(it) || courtesies.has(it));
};
