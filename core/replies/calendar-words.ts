/** Names of months and days in eight languages, as plainWords leaves them; the position says which. */
const monthNames: readonly string[] = [
  'january januar janner jan janvier janv enero ene gennaio gen januari janeiro styczen stycznia stycznie',
  'february februar feber feb fevrier fevr febrero febbraio februari fevereiro fev luty lutego lut',
  'march marz mar mars marzo maart mrt marco marzec marca',
  'april apr avril avr abril abr aprile kwiecien kwietnia kwi',
  'may mai mayo maggio mag mei maio maj maja',
  'june juni jun juin junio giugno giu junho czerwiec czerwca cze',
  'july juli jul juillet juil julio luglio lug julho lipiec lipca lip',
  'august aug aout agosto ago augustus sierpien sierpnia sie',
  'september sept sep septembre septiembre settembre set setembro wrzesien wrzesnia wrz',
  'october oktober okt oct octobre octubre ottobre ott outubro out pazdziernik pazdziernika paz',
  'november nov novembre noviembre novembro listopad listopada lis',
  'december dezember dez dec decembre diciembre dic dicembre dezembro grudzien grudnia gru',
];

const dayNames: readonly string[] = [
  'monday montag lundi lunes lunedi maandag segunda-feira segunda poniedzialek poniedzialku',
  'tuesday dienstag mardi martes martedi dinsdag terca-feira terca wtorek wtorku',
  'wednesday mittwoch mercredi miercoles mercoledi woensdag quarta-feira quarta sroda srode srody',
  'thursday donnerstag jeudi jueves giovedi donderdag quinta-feira quinta czwartek czwartku',
  'friday freitag vendredi viernes venerdi vrijdag sexta-feira sexta piatek piatku',
  'saturday samstag sonnabend samedi sabado sabato zaterdag sobota sobote soboty',
  'sunday sonntag dimanche domingo domenica zondag niedziela niedziele niedzieli',
];

const positions = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map(names.flatMap((words, at) => words.split(' ').map((word) => [word, at + 1] as const)));

/** 1 to 12. */
export const months = positions(monthNames);
/** 1 (Monday) to 7. */
export const weekdays = positions(dayNames);

const either = (names: ReadonlyMap<string, number>): string => [...names.keys()].sort((one, other) => other.length - one.length).join('|');
export const anyMonth = either(months);
export const anyWeekday = either(weekdays);
export const tomorrows = 'tomorrow|morgen|demain|manana|domani|amanha|jutro|jutra';
