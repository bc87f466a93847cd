import { useLayoutEffect, useRef, useState, type RefObject } from 'react';

/**
 * Counts the children that stand whole on the first line of a wrapping box whose other lines are
 * clipped, so that what does not fit can be said in a number.
 *
 * @param childCount how many children there are to watch.
 */
export function useFitting<Box extends HTMLElement>(
  childCount: number,
): {
  readonly ref: RefObject<Box | null>;
  readonly fitting: number;
} {
  const ref = useRef<Box>(null);
  const [fitting, setFitting] = useState(childCount);
  useLayoutEffect(() => {
    const box = ref.current;
    if (box === null) return undefined;
    // It also tells the first size of each, before anything is painted.
    const observer = new ResizeObserver(() => setFitting(countOnFirstLine(box)));
    for (const watched of [box, ...[...box.children].slice(0, childCount)]) observer.observe(watched);
    return () => observer.disconnect();
  }, [childCount]);
  return { ref, fitting };
}

function countOnFirstLine(box: HTMLElement): number {
  const children = [...box.children].filter((child) => child instanceof HTMLElement);
  return children.filter((child) => child.offsetTop === children[0]?.offsetTop).length;
}
