/**
 * Words of machines in eight languages, as plainWords leaves them: lower case, no accents. A subject counts at its start
 * only, so that an answer that is about such a thing stays an answer.
 */
export const subjectSays = {
  away: new RegExp(
    `^(?:\\W*)(?:${[
      'out of (?:the )?office',
      'ooo\\b',
      'away from (?:the )?office',
      '(?:on )?(?:annual|parental|maternity|paternity) leave',
      'abwesen(?:heit|d)',
      'ausser haus',
      'absence\\b',
      'absent\\w* du bureau',
      '(?:estoy )?fuera de la oficina',
      'ausente\\b',
      'ausencia\\b',
      'fuori (?:ufficio|sede)',
      'assenza\\b',
      'afwezig',
      'niet aanwezig',
      'fora do escritorio',
      'nieobecn',
      'poza biurem',
    ].join('|')})`,
  ),
  automatic: new RegExp(
    `^(?:\\W*)(?:${[
      'auto(?:matic|mated)?[ -]?(?:reply|response|answer)',
      'auto:',
      'automatische (?:antwort|beantwortung|ruckmeldung)',
      'reponse automatique',
      'respuesta automatica',
      'risposta automatica',
      'automatisch(?:e)? (?:antwoord|beantwoording)',
      'resposta automatica',
      '(?:auto(?:matyczna)? ?odpowiedz|odpowiedz automatyczna)',
    ].join('|')})`,
  ),
  ticket:
    /\[(?:ticket|case|request|anfrage)?\s*[#:]?\s*\w*-?\d{3,}\]|\b(?:ticket|case|vorgang|zgloszenie)\s*(?:id|nr\.?|no\.?|number)?\s*[:#]?\s*\w*-?\d{3,}|^(?:we(?:'ve| have) received|request received|wir haben ihre anfrage)/,
  bounce: /^(?:undeliver|delivery (?:status|failure|has failed)|mail delivery|returned mail|failure notice|nicht zustellbar|unzustellbar)/,
  seen: /^(?:read|gelesen|lu|leido|letto|gelezen|lido|przeczytano|accepted|declined|tentative|zugesagt|abgelehnt|accepte|refuse|aceptado|accettato):/,
} as const;

export const bodySays = {
  away: new RegExp(
    [
      '\\bout of (?:the )?office\\b',
      '\\bon (?:annual |maternity |paternity |parental |sick |my )?(?:leave|vacation|holidays?)\\b',
      '\\baway from (?:my (?:desk|e-?mails?)|the office|work)\\b',
      '\\b(?:currently|presently) (?:away|unavailable|travelling|traveling|out)\\b',
      '\\b(?:no|limited|little|restricted) access to (?:my )?(?:e-?mails?|messages)\\b',
      '\\bnot (?:be )?(?:checking|reading|monitoring) (?:my )?(?:e-?mails?|messages)\\b',
      '\\bnicht im (?:buro|haus|hause|office)\\b',
      '\\b(?:ausser haus|im urlaub|in elternzeit|im mutterschutz|abwesend|nicht erreichbar)\\b',
      '\\babsent[es]* (?:du|de mon|au) bureau\\b',
      '\\b(?:en conges?|en vacances|actuellement absente?|absente? (?:jusqu|du \\d))',
      '\\bfuera de la oficina\\b',
      '\\b(?:de vacaciones|de baja (?:medica|maternal|por)|ausente (?:hasta|del)|de permiso)\\b',
      '\\bfuori (?:ufficio|sede)\\b',
      '\\b(?:in ferie|in vacanza|in congedo|assente (?:fino|dal|per|dall))',
      '\\b(?:niet op kantoor|met (?:vakantie|verlof|zwangerschapsverlof)|afwezig|op vakantie)\\b',
      '\\b(?:fora do escritorio|de ferias|em ferias|de licenca|ausente ate|ausente do)\\b',
      '\\b(?:poza biurem|na urlopie|nieobecn[ay]|jestem na (?:urlopie|zwolnieniu))\\b',
    ].join('|'),
  ),
  /** What people write into such a text and hardly ever to a person. */
  standIn: new RegExp(
    [
      '\\b(?:in|for) (?:urgent|any urgent) (?:cases|matters|queries|requests)\\b',
      '\\b(?:if (?:it is|your (?:matter|request) is) urgent|for anything urgent|in my absence|during (?:my absence|this time))\\b',
      '\\b(?:your (?:e-?mail|message) will not be (?:forwarded|read))\\b',
      '\\bthank you for your (?:e-?mail|message)\\b.{0,200}\\b(?:out of|away|leave|vacation|holiday)',
      '\\bin dringenden (?:fallen|angelegenheiten)\\b',
      '\\b(?:nicht weitergeleitet|meine vertretung|wahrend meiner abwesenheit)\\b',
      "\\ben cas d'urgence\\b|\\bpendant mon absence\\b|\\bdurant mon absence\\b|\\bpour toute urgence\\b",
      '\\b(?:para (?:asuntos|temas) urgentes|en caso de urgencia|durante mi ausencia)\\b',
      '\\b(?:per (?:urgenze|questioni urgenti)|in caso di urgenza|durante la mia assenza)\\b',
      '\\b(?:voor (?:dringende|spoedeisende) (?:zaken|vragen)|bij (?:spoed|dringende)|tijdens mijn afwezigheid)\\b',
      '\\b(?:em caso de urgencia|para assuntos urgentes|durante a minha ausencia)\\b',
      '\\b(?:w (?:pilnych sprawach|sprawach pilnych)|w razie pilnych|podczas mojej nieobecnosci)\\b',
    ].join('|'),
    's',
  ),
  /** The person is gone for good. */
  left: new RegExp(
    [
      '\\b(?:(?:is|am) no longer (?:with|at|working|employed|part of)|no longer works? (?:for|at|here|with))\\b',
      '\\b(?:has left|have left) (?:the company|the organi[sz]ation|the firm|our (?:company|team)|[a-z]+ (?:gmbh|ltd|inc))\\b',
      '\\bmy last (?:working )?day (?:was|at)\\b',
      '\\b(?:nicht mehr (?:fur|bei|im|in unserem|in der) .{1,60}(?:tatig|beschaftigt|unternehmen|firma|erreichbar))',
      '\\b(?:hat (?:das|unser) unternehmen verlassen|das unternehmen verlassen|aus dem unternehmen ausgeschieden)\\b',
      "\\b(?:ne (?:travaille|fait|fais) plus (?:partie )?(?:chez|pour|de|dans)|a quitte (?:la societe|l'entreprise|notre)|j'ai quitte (?:la societe|l'entreprise))\\b",
      '\\b(?:ya no trabaj[ao] (?:en|para|con|aqui)|ha dejado la empresa|ya no forma parte)\\b',
      "\\b(?:non lavor[ao] piu (?:per|in|presso|qui|con)|ha lasciato (?:l'azienda|la societa)|non fa piu parte)\\b",
      '\\b(?:niet meer werkzaam (?:bij|voor)|werkt niet (?:meer|langer) (?:bij|voor|hier)|heeft (?:ons bedrijf|de organisatie) verlaten)\\b',
      '\\b(?:ja nao trabalh[ao] (?:na|no|aqui|em|para|com)|nao faz mais parte|deixou a empresa)\\b',
      '\\b(?:(?:juz )?nie pracuj[ea] (?:juz )?(?:w|dla|u)|nie jest juz pracownikiem|odszedl z firmy|odeszla z firmy)\\b',
    ].join('|'),
  ),
  /** Ticket systems, robots and challenges. */
  robot: new RegExp(
    [
      '\\b(?:this is an automat(?:ic|ed) (?:message|reply|response|e-?mail|confirmation))\\b',
      '\\b(?:please )?do not (?:reply|respond) to this (?:e-?mail|message)\\b',
      "\\bwe(?:'ve| have) received your (?:request|message|e-?mail|enquiry|inquiry)\\b",
      '\\byour (?:request|case|ticket) (?:has been (?:received|created|opened|logged)|number|\\(?#)',
      '\\b(?:a (?:support )?ticket has been (?:created|opened))\\b',
      '\\b(?:verify|confirm|prove) that you are (?:a )?(?:human|real person)\\b|\\bto complete the delivery of your\\b|\\bsender verification\\b',
      '\\bthis (?:mailbox|address|inbox) is not (?:monitored|read)\\b',
      '\\b(?:dies ist eine automati(?:sche|sch generierte|sch erstellte) (?:nachricht|antwort|e-?mail))\\b',
      '\\bwir haben (?:ihre|deine) (?:anfrage|nachricht|e-?mail) erhalten\\b|\\b(?:bitte )?antworten sie nicht auf diese\\b',
      '\\b(?:ceci est (?:un message|une reponse) automatique|nous avons bien recu votre|merci de ne pas repondre)\\b',
      '\\b(?:este es un (?:mensaje|correo) automatico|hemos recibido su|no responda a este)\\b',
      '\\b(?:questo e un messaggio automatico|abbiamo ricevuto la (?:sua|tua)|non rispondere a questa)\\b',
      '\\b(?:dit is een automatisch(?:e)? (?:bericht|bevestiging|antwoord)|wij hebben uw (?:bericht|aanvraag) ontvangen)\\b',
      '\\b(?:esta e uma mensagem automatica|recebemos (?:a sua|o seu|sua|seu))\\b',
      '\\b(?:wiadomosc (?:zostala )?wygenerowana automatycznie|otrzymalismy (?:panstwa|twoje|twoja)|prosimy nie odpowiadac)\\b',
    ].join('|'),
  ),
} as const;
