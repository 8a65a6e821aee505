/** The parameter with which links to the brand's own sites say who follows them. */
export const visitParameter = 'bt';

/** A link as it may be kept: who follows it is known already, and the token would speak for them. */
export const withoutVisit = (link: string): string =>
  link
    .replace(/&bt=[^&#]*/g, '')
    .replace(/\?bt=[^&#]*&/, '?')
    .replace(/\?bt=[^&#]*/, '');
