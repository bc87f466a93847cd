import { useLayoutEffect, useState, type RefObject } from 'react';

export interface Sight {
  readonly topPx: number;
  readonly heightPx: number;
}

/** Which part of a scrolled box is in sight. */
export function useSightOf(scroller: RefObject<HTMLElement | null>): Sight {
  const [sight, setSight] = useState<Sight>({ topPx: 0, heightPx: 0 });
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return undefined;
    const read = (): void =>
      setSight((before) =>
        before.topPx === box.scrollTop && before.heightPx === box.clientHeight
          ? before
          : { topPx: box.scrollTop, heightPx: box.clientHeight },
      );
    read();
    const observer = new ResizeObserver(read);
    observer.observe(box);
    box.addEventListener('scroll', read, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', read);
    };
  }, [scroller]);
  return sight;
}
