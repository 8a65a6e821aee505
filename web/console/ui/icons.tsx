/** Drawn by hand on a grid of 20: one weight, no fill. */
const paths = {
  sequences: 'M4 4h5v4H4zM11 12h5v4h-5zM6.5 8v6H11',
  leads: 'M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 17c.6-3.2 3-4.8 6-4.8s5.4 1.6 6 4.8',
  tasks: 'M3 12.5 5 4h10l2 8.5V16H3zM3 12.5h4.2c.3 1.5 1.3 2.2 2.8 2.2s2.5-.7 2.8-2.2H17',
  team: 'M7.5 9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM2.5 16c.4-2.8 2.3-4.3 5-4.3s4.6 1.5 5 4.3M13 8.7a2.2 2.2 0 1 0-.9-4.2M14.5 11.9c1.7.5 2.8 1.9 3 4.1',
  report: 'M4 16V9M8.7 16V4M13.3 16v-5M17 16.8H3',
  operations: 'M2.5 10.5H6l2-5.5 3.5 10 2.3-6.5 1 2h2.7',
  start: 'M6 4l10 6-10 6z',
  mails: 'M3 5h14v10H3zM3 5.5l7 5 7-5',
  keyboard: 'M2.5 5.5h15v9h-15zM6 8.5h.01M9 8.5h.01M12 8.5h.01M15 8.5h.01M6 11.8h8',
} as const;
export type IconName = keyof typeof paths;

export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);
