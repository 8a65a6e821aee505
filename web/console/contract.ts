import { type AnswerChoice, apiPath, asRepHeader, signInPath, signOutPath } from '../../core/console/views.ts';

/** All that the page knows of the rest of Baton: types, and the paths of its server. */
export type * from '../../core/console/views.ts';
export type { Choices, MailDetail, MailEvent, MailList, MailRow, NewLead, Speed, Status } from '../../local/dev/api.ts';

export type AnswerKind = AnswerChoice['answer'];
export const paths = { api: apiPath, signIn: signInPath, signOut: signOutPath } as const;
export const repHeader = asRepHeader;
