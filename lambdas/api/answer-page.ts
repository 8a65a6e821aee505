import type { Use } from '#core/handlers';
import { answerTask } from '#lambdas/api/pages/answer';
import { pageShell } from '#lambdas/api/pages/shell';
import { onHttp } from '#lambdas/http';

/** The page behind the link in a brief, where its rep answers. GET and HEAD never change anything (mail scanners follow every link). */
export const answerPage = (use: Use<'answer-page'>) => {
  const app = pageShell(use);
  const { show, act } = answerTask(use);
  app.get('/a/:token', show);
  app.post('/a/:token', act);
  return app;
};

export const handler = onHttp(answerPage);
