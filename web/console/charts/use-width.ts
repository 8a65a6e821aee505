import { useEffect, useRef, useState } from 'preact/hooks';

/** How wide the chart's place is, so that it is drawn for it and its text stays as large as all other text. */
export const useWidth = (usual = 720) => {
  const place = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(usual);
  useEffect(() => {
    const it = place.current;
    if (!it) return;
    setWidth(Math.max(200, Math.floor(it.clientWidth)));
    const observer = new ResizeObserver(() => setWidth(Math.max(200, Math.floor(it.clientWidth))));
    observer.observe(it);
    return () => observer.disconnect();
  }, []);
  return { place, width };
};
