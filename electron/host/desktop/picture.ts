import { crc32, deflateSync } from 'node:zlib';

/**
 * Draws small pictures from shapes: the tray's, and the app's icon. Pure, and the same on every machine, so
 * that no picture has to be kept beside the code and each size is drawn for itself instead of scaled.
 */

/** How far a point is from the edge of a shape, in the units of the picture; negative inside. */
export type Shape = (x: number, y: number) => number;

export type Colour = readonly [red: number, green: number, blue: number];

/** Painted in order; a later one covers. Without a colour it erases. */
export interface Layer {
  readonly shape: Shape;
  readonly colour: Colour | null;
}

export type Point = readonly [x: number, y: number];

export function circle([centreX, centreY]: Point, radius: number): Shape {
  return (x, y) => Math.hypot(x - centreX, y - centreY) - radius;
}

export function ring(centre: Point, radius: number, width: number): Shape {
  const disc = circle(centre, radius);
  return (x, y) => Math.abs(disc(x, y)) - width / 2;
}

/** A stroke with round ends. */
export function stroke([fromX, fromY]: Point, [toX, toY]: Point, width: number): Shape {
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const lengthSquared = alongX ** 2 + alongY ** 2;
  return (x, y) => {
    const part = lengthSquared === 0 ? 0 : ((x - fromX) * alongX + (y - fromY) * alongY) / lengthSquared;
    const at = Math.min(1, Math.max(0, part));
    return Math.hypot(x - fromX - at * alongX, y - fromY - at * alongY) - width / 2;
  };
}

export function rectangle([left, top]: Point, [right, bottom]: Point, corner = 0): Shape {
  const [centreX, centreY] = [(left + right) / 2, (top + bottom) / 2];
  const [halfX, halfY] = [(right - left) / 2 - corner, (bottom - top) / 2 - corner];
  return (x, y) => {
    const [outX, outY] = [Math.abs(x - centreX) - halfX, Math.abs(y - centreY) - halfY];
    return Math.hypot(Math.max(outX, 0), Math.max(outY, 0)) + Math.min(Math.max(outX, outY), 0) - corner;
  };
}

/** Corners in either direction around it. */
export function polygon(...corners: readonly Point[]): Shape {
  const edges = corners.map((from, index): readonly [Point, Point] => {
    return [from, corners[(index + 1) % corners.length] ?? from];
  });
  const lines = edges.map(([from, to]) => stroke(from, to, 0));
  return (x, y) => {
    const crossings = edges.filter(([[fromX, fromY], [toX, toY]]) => {
      return fromY > y !== toY > y && x < ((toX - fromX) * (y - fromY)) / (toY - fromY) + fromX;
    });
    const distance = Math.min(...lines.map((line) => line(x, y)));
    return crossings.length % 2 === 1 ? -distance : distance;
  };
}

export function union(...shapes: readonly Shape[]): Shape {
  return (x, y) => Math.min(...shapes.map((shape) => shape(x, y)));
}

export function within(shape: Shape, bounds: Shape): Shape {
  return (x, y) => Math.max(shape(x, y), bounds(x, y));
}

export function grown(shape: Shape, by: number): Shape {
  return (x, y) => shape(x, y) - by;
}

/** Samples a side of each pixel: sixteen shades of an edge. */
const samples = 4;

/**
 * @param units how many units of the shapes a side of the picture is.
 * @param size its side in pixels.
 * @returns a PNG file.
 */
export function drawPng(layers: readonly Layer[], units: number, size: number): Buffer {
  // Each row begins with a byte for PNG's filter: none.
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      rows.set(pixelAt(layers, units / size, x, y), y * (size * 4 + 1) + 1 + x * 4);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // Eight bits a channel, red, green, blue and alpha.
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

function pixelAt(layers: readonly Layer[], scale: number, x: number, y: number): readonly number[] {
  const [centreX, centreY] = [(x + 0.5) * scale, (y + 0.5) * scale];
  const isOnEdge = layers.some(({ shape }) => Math.abs(shape(centreX, centreY)) < scale * Math.SQRT1_2);
  if (!isOnEdge) {
    const colour = colourAt(layers, centreX, centreY);
    return colour === null ? [0, 0, 0, 0] : [...colour, 255];
  }
  let [red, green, blue, covered] = [0, 0, 0, 0];
  for (let index = 0; index < samples ** 2; index++) {
    const atX = (x + ((index % samples) + 0.5) / samples) * scale;
    const atY = (y + (Math.floor(index / samples) + 0.5) / samples) * scale;
    const colour = colourAt(layers, atX, atY);
    if (colour === null) continue;
    covered++;
    red += colour[0];
    green += colour[1];
    blue += colour[2];
  }
  if (covered === 0) return [0, 0, 0, 0];
  const shades = [red, green, blue].map((sum) => Math.round(sum / covered));
  return [...shades, Math.round((covered / samples ** 2) * 255)];
}

function colourAt(layers: readonly Layer[], x: number, y: number): Colour | null {
  return layers.findLast(({ shape }) => shape(x, y) < 0)?.colour ?? null;
}
