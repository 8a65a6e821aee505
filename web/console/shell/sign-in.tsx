import { useLocation } from 'preact-iso/router';
import { paths } from '../contract.ts';

export const SignIn = () => {
  const { url } = useLocation();
  return (
    <main class="alone">
      <h1>Baton</h1>
      <p class="about">Sequences, leads, sales tasks and figures of your company, for marketing and sales.</p>
      <p>
        <a class="button main" href={`${paths.signIn}?to=${encodeURIComponent(url)}`} target="_top">
          Sign in
        </a>
      </p>
      <p class="about">No account? Ask who looks after Baton to add you to the group of marketing or of sales.</p>
    </main>
  );
};
