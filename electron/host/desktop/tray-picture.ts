import {
  circle,
  drawPng,
  grown,
  polygon,
  rectangle,
  ring,
  stroke,
  union,
  within,
  type Colour,
  type Layer,
  type Shape,
} from './picture.ts';
import type { TrayLook, TrayMark, TrayShape } from './tray-look.ts';

/**
 * The tray's pictures, in the shapes of the window's glyphs (`renderer/parts/glyphs.tsx`). In colour each has
 * a dark edge, so that it stands on a light panel by its edge and on a dark one by its fill; which of the two
 * there is, no system says for certain. A template has no colour: the system gives it one.
 */

/** The grid that the shapes are drawn on: the glyphs' fourteen, and room for the edge. */
const units = 16;
const edgeWidth = 0.9;
const gapWidth = 1.2;
const edge: Colour = [20, 18, 15];
const black: Colour = [0, 0, 0];

const colours = {
  well: [104, 200, 131],
  critical: [255, 94, 87],
  warning: [240, 173, 70],
  info: [148, 185, 224],
  blind: [200, 156, 242],
  paused: [214, 209, 203],
  starting: [214, 209, 203],
  stopped: [240, 236, 230],
} as const satisfies Record<TrayShape, Colour>;

const shapes = {
  well: union(stroke([2.8, 8.4], [6.4, 12], 2.6), stroke([6.4, 12], [13.2, 4.2], 2.6)),
  critical: polygon([8, 1], [15, 8], [8, 15], [1, 8]),
  warning: polygon([8, 1.6], [15, 14], [1, 14]),
  info: union(ring([8, 8], 5.6, 2), circle([8, 8], 2.2)),
  blind: union(
    frame([1.6, 1.6], [14.4, 14.4], 1.6),
    within(
      union(stroke([0, 11], [11, 0], 1.5), stroke([0, 16], [16, 0], 1.5), stroke([5, 16], [16, 5], 1.5)),
      rectangle([1.6, 1.6], [14.4, 14.4]),
    ),
  ),
  paused: union(rectangle([2.4, 2.4], [6, 13.6], 0.8), rectangle([10, 2.4], [13.6, 13.6], 0.8)),
  starting: union(...dashes(8, 5.4)),
  stopped: union(stroke([3.4, 3.4], [12.6, 12.6], 2.4), stroke([12.6, 3.4], [3.4, 12.6], 2.4)),
} as const satisfies Record<TrayShape, Shape>;

/** What is cut out of a shape: the exclamation mark of the window's diamond. */
const cutOuts: Partial<Record<TrayShape, Shape>> = {
  critical: union(stroke([8, 5], [8, 8.2], 1.7), circle([8, 10.9], 1)),
};

const marks = {
  none: null,
  unseen: {
    shape: union(frame([9.6, 9.6], [15.4, 15.4], 1.3), stroke([11, 14], [14, 11], 1.2)),
    ground: rectangle([9.6, 9.6], [15.4, 15.4]),
    colour: colours.blind,
  },
  paused: {
    shape: union(rectangle([10, 9.8], [12, 15.2]), rectangle([13.2, 9.8], [15.2, 15.2])),
    ground: rectangle([10, 9.8], [15.2, 15.2]),
    colour: colours.paused,
  },
} as const satisfies Record<TrayMark, { shape: Shape; ground: Shape; colour: Colour } | null>;

interface Sizes {
  /** Side in pixels at scale one. */
  readonly base: number;
  readonly scales: readonly number[];
}

/** Windows scales its notification area in these steps; a panel of Linux has 22 or 24 pixels. */
const sizesOf: Partial<Record<NodeJS.Platform, Sizes>> = {
  win32: { base: 16, scales: [1, 1.25, 1.5, 2, 3] },
  darwin: { base: 18, scales: [1, 2] },
};
const usualSizes: Sizes = { base: 24, scales: [1, 2] };

export interface Picture {
  readonly scaleFactor: number;
  /** A PNG file. */
  readonly png: Buffer;
}

/** The pictures that a tray of this platform chooses from, each drawn for its size. */
export function trayPictures(
  look: Pick<TrayLook, 'shape' | 'mark'>,
  platform: NodeJS.Platform,
): readonly Picture[] {
  const { base, scales } = sizesOf[platform] ?? usualSizes;
  return scales.map((scaleFactor) => ({
    scaleFactor,
    png: drawTrayPicture(look, Math.round(base * scaleFactor), platform === 'darwin'),
  }));
}

/**
 * @param size side of the picture in pixels.
 * @param isTemplate black on nothing, for the menu bar of macOS.
 * @returns a PNG file.
 */
export function drawTrayPicture(
  { shape, mark }: Pick<TrayLook, 'shape' | 'mark'>,
  size: number,
  isTemplate: boolean,
): Buffer {
  return drawPng(isTemplate ? templateLayers(shape, mark) : colourLayers(shape, mark), units, size);
}

function colourLayers(name: TrayShape, mark: TrayMark): readonly Layer[] {
  const layers: Layer[] = [
    { shape: grown(shapes[name], edgeWidth), colour: edge },
    { shape: shapes[name], colour: colours[name] },
  ];
  const cutOut = cutOuts[name];
  if (cutOut !== undefined) layers.push({ shape: cutOut, colour: edge });
  const corner = marks[mark];
  if (corner === null) return layers;
  return [
    ...layers,
    { shape: grown(corner.ground, gapWidth), colour: edge },
    { shape: corner.shape, colour: corner.colour },
  ];
}

function templateLayers(name: TrayShape, mark: TrayMark): readonly Layer[] {
  const layers: Layer[] = [{ shape: shapes[name], colour: black }];
  const cutOut = cutOuts[name];
  if (cutOut !== undefined) layers.push({ shape: cutOut, colour: null });
  const corner = marks[mark];
  if (corner === null) return layers;
  return [
    ...layers,
    { shape: grown(corner.ground, gapWidth), colour: null },
    { shape: corner.shape, colour: black },
  ];
}

/** The border of a rectangle, on its inside. */
function frame(from: readonly [number, number], to: readonly [number, number], width: number): Shape {
  const whole = rectangle(from, to);
  return (x, y) => Math.max(whole(x, y), -(whole(x, y) + width));
}

function dashes(count: number, radius: number): readonly Shape[] {
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [index - 0.22, index + 0.22].map((at) => (at / count) * 2 * Math.PI);
    const at = (angle: number): readonly [number, number] => [
      8 + radius * Math.cos(angle),
      8 + radius * Math.sin(angle),
    ];
    return stroke(at(from ?? 0), at(to ?? 0), 2);
  });
}
