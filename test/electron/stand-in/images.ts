import { existsSync, readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { modelled, Unmodelled } from './unmodelled.ts';

/** `nativeImage`: PNG data and raw bitmaps, kept as they were given. Nothing is drawn or scaled. */

export interface ImageReport {
  readonly isEmpty: boolean;
  readonly isTemplate: boolean;
  readonly width: number;
  readonly height: number;
  readonly scaleFactors: readonly number[];
  /** The picture of the first scale as a PNG file; empty for an empty image. */
  readonly png: Buffer;
}

interface Representation {
  readonly scaleFactor: number;
  readonly width: number;
  readonly height: number;
  readonly png: Buffer;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const reportOf = new WeakMap<object, () => ImageReport>();

class StandInImage implements Pick<
  Electron.NativeImage,
  | 'isEmpty'
  | 'isTemplateImage'
  | 'setTemplateImage'
  | 'getSize'
  | 'getAspectRatio'
  | 'getScaleFactors'
  | 'addRepresentation'
  | 'toPNG'
  | 'toDataURL'
  | 'isMacTemplateImage'
> {
  isMacTemplateImage = false;
  readonly #representations: Representation[] = [];

  isEmpty(): boolean {
    return this.#representations.length === 0;
  }

  isTemplateImage(): boolean {
    return this.isMacTemplateImage;
  }

  setTemplateImage(option: boolean): void {
    this.isMacTemplateImage = option;
  }

  getSize(scaleFactor = 1): Electron.Size {
    const { width = 0, height = 0, scaleFactor: own = 1 } = this.#at(scaleFactor) ?? {};
    return { width: Math.round(width / own), height: Math.round(height / own) };
  }

  getAspectRatio(): number {
    const { width, height } = this.getSize();
    return height === 0 ? 0 : width / height;
  }

  getScaleFactors(): number[] {
    return this.#representations.map(({ scaleFactor }) => scaleFactor);
  }

  addRepresentation(given: Electron.AddRepresentationOptions): void {
    const { scaleFactor = 1, width = 0, height = 0, buffer, dataURL } = given;
    if (dataURL !== undefined) return this.addPng(fromDataUrl(dataURL), scaleFactor);
    if (buffer === undefined) return;
    if (isPng(buffer)) this.addPng(buffer, scaleFactor);
    else this.addBitmap(buffer, width, height, scaleFactor);
  }

  toPNG(options: Electron.ToPNGOptions = {}): Buffer {
    return this.#at(options.scaleFactor ?? 1)?.png ?? Buffer.alloc(0);
  }

  toDataURL(options: Electron.ToDataURLOptions = {}): string {
    return `data:image/png;base64,${this.toPNG(options).toString('base64')}`;
  }

  /** What is no PNG leaves the image as it was: Electron, too, only says so by `isEmpty`. */
  addPng(png: Buffer, scaleFactor: number): void {
    if (!isPng(png)) return;
    const size = { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
    this.#representations.push({ scaleFactor, ...size, png });
  }

  addBitmap(bitmap: Buffer, width: number, height: number, scaleFactor: number): void {
    if (bitmap.length !== width * height * 4) throw new Error('invalid buffer size');
    this.#representations.push({ scaleFactor, width, height, png: encodePng(bitmap, width, height) });
  }

  report(): ImageReport {
    const { width = 0, height = 0, png = Buffer.alloc(0) } = this.#representations[0] ?? {};
    return {
      isEmpty: this.isEmpty(),
      isTemplate: this.isMacTemplateImage,
      width,
      height,
      scaleFactors: this.getScaleFactors(),
      png,
    };
  }

  #at(scaleFactor: number): Representation | undefined {
    return this.#representations.find((one) => one.scaleFactor === scaleFactor) ?? this.#representations[0];
  }
}

function make(fill: (image: StandInImage) => void): Electron.NativeImage {
  const image = new StandInImage();
  fill(image);
  const wrapped = modelled('NativeImage', image) as unknown as Electron.NativeImage;
  reportOf.set(wrapped, () => image.report());
  return wrapped;
}

/** What an image or a path given to the tray or to a notification shows. */
export function imageReport(given: Electron.NativeImage | string): ImageReport {
  const image = typeof given === 'string' ? nativeImage.createFromPath(given) : given;
  const report = reportOf.get(image);
  if (report === undefined) throw new TypeError('Image could not be created from it');
  return report();
}

export const nativeImage = modelled('nativeImage', {
  createEmpty: () => make(() => undefined),
  /** Takes `name@2x.png` along where it lies beside `name.png`, as Electron does. */
  createFromPath: (path: string) =>
    make((image) => {
      const scales: readonly [string, number][] = [
        [path, 1],
        ...[1.25, 1.33, 1.4, 1.5, 1.8, 2, 2.5, 3, 4, 5].map((scale): [string, number] => [
          path.replace(/(\.[a-z]+)$/i, `@${scale}x$1`),
          scale,
        ]),
      ];
      for (const [file, scale] of scales) if (existsSync(file)) image.addPng(readFileSync(file), scale);
      if (/Template(?:@[\d.]+x)?\.[a-z]+$/.test(path)) image.setTemplateImage(true);
    }),
  createFromBuffer: (buffer: Buffer, options: Electron.CreateFromBufferOptions = {}) =>
    make((image) => image.addRepresentation({ ...options, buffer })),
  createFromBitmap: (buffer: Buffer, options: Electron.CreateFromBitmapOptions) =>
    make((image) => image.addBitmap(buffer, options.width, options.height, options.scaleFactor ?? 1)),
  createFromDataURL: (dataURL: string) => make((image) => image.addPng(fromDataUrl(dataURL), 1)),
}) satisfies Partial<typeof Electron.nativeImage>;

function isPng(buffer: Buffer): boolean {
  return buffer.length > 24 && buffer.subarray(0, 8).equals(signature);
}

function fromDataUrl(url: string): Buffer {
  const [, data] = /^data:image\/png;base64,(.*)$/s.exec(url) ?? [];
  if (data === undefined) throw new Unmodelled('an image other than a base64 PNG as data URL');
  return Buffer.from(data, 'base64');
}

/** @param bitmap BGRA, as Electron's bitmaps are on the platforms that we run on. */
function encodePng(bitmap: Buffer, width: number, height: number): Buffer {
  const rows = Buffer.alloc(height * (width * 4 + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 4;
      const to = y * (width * 4 + 1) + 1 + x * 4;
      const [blue = 0, green = 0, red = 0, alpha = 0] = bitmap.subarray(from, from + 4);
      rows.set([red, green, blue, alpha], to);
    }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
