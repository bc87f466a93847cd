/**
 * Where a window goes: to its old place where that can still be seen, else onto a screen that exists. Pure;
 * screens come and go between two starts, and a window nobody can grasp is as good as lost.
 */

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How much of the title must be on a screen to be grasped, in pixels. */
const graspWidth = 64;
const titleHeight = 32;
const usual = { width: 1_280, height: 832 };
/** Smaller than that the console is of no use; a screen may be smaller still. */
export const least = { width: 640, height: 480 } as const;

/**
 * @param saved where it was; undefined at the first start.
 * @param workAreas of the screens that there are, the primary one first.
 */
export function placeWindow(saved: Rectangle | undefined, workAreas: readonly Rectangle[]): Rectangle {
  const [primary] = workAreas;
  if (primary === undefined) return saved ?? { x: 0, y: 0, ...usual };
  if (saved === undefined) return centre(usual, primary);
  const area = workAreas.reduce((best, each) => (shared(saved, each) > shared(saved, best) ? each : best));
  const size = fit(saved, area);
  if (shared(saved, area) === 0) return centre(size, area);
  return canBeGrasped({ x: saved.x, y: saved.y, ...size }, area)
    ? { x: Math.round(saved.x), y: Math.round(saved.y), ...size }
    : {
        x: clamp(saved.x, area.x, area.x + area.width - size.width),
        y: clamp(saved.y, area.y, area.y + area.height - size.height),
        ...size,
      };
}

function fit(
  { width, height }: Pick<Rectangle, 'width' | 'height'>,
  area: Rectangle,
): Pick<Rectangle, 'width' | 'height'> {
  return {
    width: clamp(width, Math.min(least.width, area.width), area.width),
    height: clamp(height, Math.min(least.height, area.height), area.height),
  };
}

function centre(wanted: Pick<Rectangle, 'width' | 'height'>, area: Rectangle): Rectangle {
  const size = fit(wanted, area);
  return {
    x: Math.round(area.x + (area.width - size.width) / 2),
    y: Math.round(area.y + (area.height - size.height) / 2),
    ...size,
  };
}

function canBeGrasped(window: Rectangle, area: Rectangle): boolean {
  const isTitleIn = window.y >= area.y && window.y + titleHeight <= area.y + area.height;
  return isTitleIn && overlap(window.x, window.width, area.x, area.width) >= graspWidth;
}

/** The area that two rectangles share, in square pixels. */
function shared(left: Rectangle, right: Rectangle): number {
  return (
    overlap(left.x, left.width, right.x, right.width) * overlap(left.y, left.height, right.y, right.height)
  );
}

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.max(0, Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart));
}

function clamp(value: number, low: number, high: number): number {
  return Math.round(Math.max(low, Math.min(value, high)));
}
