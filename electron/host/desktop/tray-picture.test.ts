import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { TrayMark, TrayShape } from './tray-look.ts';
import { drawTrayPicture, trayPictures } from './tray-picture.ts';

const firing = ['critical', 'warning', 'info'] as const;
const looks: readonly { readonly shape: TrayShape; readonly mark: TrayMark }[] = [
  ...(['well', 'blind', 'paused', 'starting', 'stopped'] as const).map((shape) => ({
    shape,
    mark: 'none' as const,
  })),
  ...firing.flatMap((shape) => (['none', 'unseen', 'paused'] as const).map((mark) => ({ shape, mark }))),
];
const panels = { dark: [28, 28, 28], light: [243, 243, 243] } as const;

type Pixel = readonly [red: number, green: number, blue: number, alpha: number];

/** Reads a picture back; only what this product draws has to be understood. */
function pixelsOf(png: Buffer): readonly Pixel[] {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  const size = png.readUInt32BE(16);
  const length = png.readUInt32BE(33);
  const data = png.subarray(37, 41 + length);
  expect(png.readUInt32BE(41 + length)).toBe(crc32(data));
  const rows = inflateSync(data.subarray(4));
  return Array.from({ length: size * size }, (_, index): Pixel => {
    const at = Math.floor(index / size) * (size * 4 + 1) + 1 + (index % size) * 4;
    const [red = 0, green = 0, blue = 0, alpha = 0] = rows.subarray(at, at + 4);
    return [red, green, blue, alpha];
  });
}

function luminance(colour: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((shade) => {
    const part = shade / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: readonly number[], other: readonly number[]): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function onPanel([red, green, blue, alpha]: Pixel, panel: readonly number[]): readonly number[] {
  return [red, green, blue].map((shade, at) => (shade * alpha + (panel[at] ?? 0) * (255 - alpha)) / 255);
}

describe('pictures of the tray', () => {
  it.each([16, 20, 24, 32, 48])('are %i pixels wide and high, and stay inside', (size) => {
    for (const look of looks) {
      const png = drawTrayPicture(look, size, false);
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
      const corner = pixelsOf(png)[0];
      expect(corner?.[3]).toBe(0);
    }
  });

  it.each(looks)('$shape, mark $mark, stands out on a dark and on a light panel', (look) => {
    const pixels = pixelsOf(drawTrayPicture(look, 16, false));
    for (const panel of Object.values(panels)) {
      const clear = pixels.filter((pixel) => contrast(onPanel(pixel, panel), panel) >= 3);
      expect(clear.length).toBeGreaterThan(20);
    }
  });

  it('are told apart by their shape alone, also by one who sees no colour', () => {
    for (const isTemplate of [false, true]) {
      const alphas = looks.map((look) => pixelsOf(drawTrayPicture(look, 16, isTemplate)));
      alphas.forEach((one, index) => {
        for (const other of alphas.slice(index + 1)) {
          const differing = one.filter((pixel, at) => {
            const theirs = other[at] ?? pixel;
            const shades = [pixel, theirs].map((each) => luminance(onPanel(each, panels.light)));
            return Math.abs((shades[0] ?? 0) - (shades[1] ?? 0)) > 0.2;
          });
          expect(differing.length).toBeGreaterThan(12);
        }
      });
    }
  });

  it('as templates are black and nothing else', () => {
    for (const look of looks) {
      const inked = pixelsOf(drawTrayPicture(look, 32, true)).filter(([, , , alpha]) => alpha > 0);
      expect(inked.length).toBeGreaterThan(100);
      expect(inked.every(([red, green, blue]) => red + green + blue === 0)).toBe(true);
    }
  });

  it.each([
    ['win32', [16, 20, 24, 32, 48], [1, 1.25, 1.5, 2, 3]],
    ['darwin', [18, 36], [1, 2]],
    ['linux', [24, 48], [1, 2]],
  ] as const)('on %s are drawn for each scale, as %j pixels', (platform, sizes, scales) => {
    const pictures = trayPictures({ shape: 'critical', mark: 'unseen' }, platform);
    expect(pictures.map(({ png }) => png.readUInt32BE(16))).toEqual(sizes);
    expect(pictures.map(({ scaleFactor }) => scaleFactor)).toEqual(scales);
    const [pixel] = pixelsOf(pictures[0]?.png ?? Buffer.alloc(0)).filter(([, , , alpha]) => alpha === 255);
    expect(pixel?.slice(0, 3).every((shade) => shade === 0)).toBe(platform === 'darwin');
  });

  it('well is green, and nothing else is', () => {
    const greenOf = (shape: TrayShape): number =>
      pixelsOf(drawTrayPicture({ shape, mark: 'none' }, 24, false)).filter(
        ([red, green, blue, alpha]) => alpha > 200 && green > red + 40 && green > blue + 40,
      ).length;
    expect(greenOf('well')).toBeGreaterThan(40);
    for (const { shape } of looks) if (shape !== 'well') expect(greenOf(shape)).toBe(0);
  });
});
