import { useLocation } from 'preact-iso/router';
import { compact } from '../lib/format.ts';
import { Icon, type IconName } from '../ui/icons.tsx';

export type Place = {
  readonly path: string;
  readonly label: string;
  readonly short: string;
  readonly icon: IconName;
  readonly count?: number | undefined;
};

const isAt = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);

export const Nav = ({ label, places }: { label: string; places: readonly Place[] }) => {
  const { path } = useLocation();
  return (
    <nav class="nav" aria-label={label}>
      <ul>
        {places.map((it) => (
          <li key={it.path}>
            <a href={it.path} aria-current={isAt(path, it.path) ? 'page' : undefined}>
              <Icon name={it.icon} />
              <span class="long">{it.label}</span>
              <span class="short" aria-hidden="true">
                {it.short}
              </span>
              {it.count ? <span class="count">{compact(it.count)}</span> : null}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
};
