import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { chromiumArguments, findChromium } from './provide/chromium.ts';
import { inProject } from './project.ts';

/**
 * Draws the app's icon in every size and format that the platforms want, into resources/icons, which is
 * committed: `node scripts/run.mjs icons`. The picture is the window's own: a sight, with what it cannot
 * see hatched.
 */

const ink = '#efece8';
const ground = '#161513';
const edge = '#44423f';
const unseen = '#98948f';
const accent = '#64d6e6';

const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const windowsSizes = [16, 24, 32, 48, 64, 128, 256];
/** Apple's type of an icon of each size; those with `@2x` hold twice the points. */
const appleTypes = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1_024],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
] as const;
/** From here down a line would be thinner than a pixel: the drawing is simpler and fills its square. */
const smallPx = 64;

export async function main(): Promise<number> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    console.error('Icons are drawn with Chromium, and there is none.');
    return 1;
  }
  const browser = await chromium.launch({ executablePath, args: [...chromiumArguments()] });
  const page = await browser.newPage();
  const draw = async (size: number, isApple: boolean): Promise<Buffer> => {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<style>*{margin:0}svg{display:block}</style>${iconSvg(size, isApple)}`);
    return await page.screenshot({ omitBackground: true });
  };
  const folder = inProject('resources/icons');
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: Buffer | string): void => writeFileSync(join(folder, name), content);
  write('icon.svg', `${iconSvg(512, false)}\n`);
  for (const size of linuxSizes) write(`${size}.png`, await draw(size, false));
  const windows = await eachOf(windowsSizes, (size) => draw(size, false));
  write('icon.ico', icoOf(windowsSizes, windows));
  const apple = await eachOf(appleTypes, ([, size]) => draw(size, true));
  write('icon.icns', icnsOf(apple));
  await browser.close();
  return 0;
}

/** @param isApple with the margin and the rounder corners that macOS has around an icon. */
function iconSvg(size: number, isApple: boolean): string {
  const small = size < smallPx;
  const inset = isApple ? (small ? 4 : 50) : 0;
  const side = 512 - 2 * inset;
  const radius = side * (isApple ? 0.225 : 0.14);
  const body = small ? smallSight : sight;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 512 512" fill="none">` +
    `<rect x="${inset}" y="${inset}" width="${side}" height="${side}" rx="${radius}" fill="${ground}"/>` +
    (small
      ? ''
      : `<rect x="${inset + 4}" y="${inset + 4}" width="${side - 8}" height="${side - 8}" rx="${radius - 4}" stroke="${edge}" stroke-width="8"/>`) +
    `<g transform="translate(256 256) scale(${side / 512})">${body}</g></svg>`
  );
}

/** Hatched at 45°, as is everything in the window that is not live. */
const hatch = [-108, -72, -36, 0, 36, 72, 108]
  .map((offset) => `M${offset - 160} 160L${offset + 160} -160`)
  .join('');
const sight =
  `<clipPath id="q"><path d="M-18 18V124A125 125 0 0 1 -124 18Z"/></clipPath>` +
  `<path clip-path="url(#q)" stroke="${unseen}" stroke-width="12" d="${hatch}"/>` +
  `<circle r="146" stroke="${ink}" stroke-width="26"/>` +
  `<path stroke="${ink}" stroke-width="26" d="M0 -208V-86M0 208V86M-208 0H-86M208 0H86"/>` +
  `<circle r="56" fill="${ground}"/>` +
  `<circle r="36" fill="${accent}"/>`;
const smallSight =
  `<circle r="150" stroke="${ink}" stroke-width="48"/>` +
  `<path stroke="${ink}" stroke-width="48" d="M0 -232V-128M0 232V128M-232 0H-128M232 0H128"/>` +
  `<circle r="56" fill="${accent}"/>`;

async function eachOf<Item, Value>(
  items: readonly Item[],
  make: (item: Item) => Promise<Value>,
): Promise<readonly Value[]> {
  const made: Value[] = [];
  for (const item of items) made.push(await make(item));
  return made;
}

/** Windows' container: a head, an entry of 16 bytes for each picture, the pictures as PNG. */
function icoOf(sizes: readonly number[], pictures: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  pictures.forEach((picture, index) => {
    const at = 6 + 16 * index;
    const size = (sizes[index] ?? 0) % 256;
    head.writeUInt8(size, at);
    head.writeUInt8(size, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(picture.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += picture.length;
  });
  return Buffer.concat([head, ...pictures]);
}

/** Apple's container: a head, then type, length and PNG of each picture. */
function icnsOf(pictures: readonly Buffer[]): Buffer {
  const parts = pictures.map((picture, index) =>
    Buffer.concat([appleHead(appleTypes[index]?.[0] ?? '', picture.length), picture]),
  );
  const content = Buffer.concat(parts);
  return Buffer.concat([appleHead('icns', content.length), content]);
}

function appleHead(type: string, length: number): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(length + 8, 4);
  return head;
}
