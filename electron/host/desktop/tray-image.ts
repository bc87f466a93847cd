import { nativeImage, type NativeImage } from 'electron';
import { drawTrayPicture } from './tray-picture.ts';
import type { TrayLook } from './tray-look.ts';

/** The tray's pictures as this platform wants them: one image with a picture for each of its scales. */

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

const drawn = new Map<string, NativeImage>();

/** Drawn when first wanted; there are at most fourteen of them. */
export function trayImage(look: Pick<TrayLook, 'shape' | 'mark'>, platform: NodeJS.Platform): NativeImage {
  const name = `${look.shape} ${look.mark}`;
  const known = drawn.get(name);
  if (known !== undefined) return known;
  const isTemplate = platform === 'darwin';
  const image = draw(look, sizesOf[platform] ?? usualSizes, isTemplate);
  if (isTemplate) image.setTemplateImage(true);
  drawn.set(name, image);
  return image;
}

/** For the corner of the app's button in the taskbar of Windows: always in colour. */
export function overlayImage(look: Pick<TrayLook, 'shape' | 'mark'>): NativeImage {
  return draw(look, { base: 16, scales: [1, 2] }, false);
}

function draw(
  look: Pick<TrayLook, 'shape' | 'mark'>,
  { base, scales }: Sizes,
  isTemplate: boolean,
): NativeImage {
  const image = nativeImage.createEmpty();
  for (const scaleFactor of scales) {
    const size = Math.round(base * scaleFactor);
    image.addRepresentation({
      scaleFactor,
      width: size,
      height: size,
      buffer: drawTrayPicture(look, size, isTemplate),
    });
  }
  return image;
}
