import type * as z from 'zod';
import type { RouteName } from '#core/console/access';
import type { Answer, Asked } from './asked.ts';
import { leadView } from './lead.ts';
import { EraseBody, ExitBody, eraseLead, exitLead, PauseLeadBody, pauseLead, resumeLead } from './lead-acts.ts';
import { leadList, SearchBody, searchLead } from './leads.ts';
import { me } from './me.ts';
import {
  deadLetters,
  LettersBody,
  Nothing,
  OperationsPauseBody,
  OperationsResumeBody,
  operationsView,
  PauseBody,
  pauseAny,
  pauseSequence,
  RedriveBody,
  redrive,
  resumeAny,
  resumeOne,
} from './operations.ts';
import { reportCsv, reportView } from './report.ts';
import { emailPage, sequenceList, sequenceView } from './sequences.ts';
import { simulationList, simulationView } from './simulations.ts';
import { AnswerBody, answerTask, taskList, taskView } from './tasks.ts';
import { teamView } from './team.ts';

type Look = { readonly answer: (asked: Asked) => Promise<Answer> };
type Act = Look & { readonly body: z.ZodType };

/** What answers each route of core/console/access.ts. */
export const routes: { readonly [R in RouteName]: R extends `POST ${string}` ? Act : Look } = {
  'GET /me': { answer: me },
  'GET /sequences': { answer: sequenceList },
  'GET /sequences/:sequence': { answer: sequenceView },
  'GET /sequences/:sequence/emails/:step': { answer: emailPage },
  'POST /sequences/:sequence/pause': { body: PauseBody, answer: pauseSequence },
  'POST /sequences/:sequence/resume': { body: Nothing, answer: resumeOne },
  'GET /simulations': { answer: simulationList },
  'GET /simulations/:name': { answer: simulationView },
  'POST /leads/search': { body: SearchBody, answer: searchLead },
  'GET /leads': { answer: leadList },
  'GET /leads/:leadId': { answer: leadView },
  'POST /leads/:leadId/pause': { body: PauseLeadBody, answer: pauseLead },
  'POST /leads/:leadId/resume': { body: Nothing, answer: resumeLead },
  'POST /leads/:leadId/exit': { body: ExitBody, answer: exitLead },
  'POST /leads/:leadId/erase': { body: EraseBody, answer: eraseLead },
  'GET /tasks': { answer: taskList },
  'GET /tasks/:taskId': { answer: taskView },
  'POST /tasks/:taskId/answers': { body: AnswerBody, answer: answerTask },
  'GET /team': { answer: teamView },
  'GET /report': { answer: reportView },
  'GET /report/:table': { answer: reportCsv },
  'GET /operations': { answer: operationsView },
  'POST /operations/pause': { body: OperationsPauseBody, answer: pauseAny },
  'POST /operations/resume': { body: OperationsResumeBody, answer: resumeAny },
  'POST /operations/redrive': { body: RedriveBody, answer: redrive },
  'POST /operations/dead-letters': { body: LettersBody, answer: deadLetters },
};
