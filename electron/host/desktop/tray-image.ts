import { nativeImage, type NativeImage } from 'electron';
import type { TrayLook } from './tray-look.ts';
import { trayPictures, type Picture } from './tray-picture.ts';

/** The tray's pictures as Electron has them: one image with a picture for each scale of the platform. */

const drawn = new Map<string, NativeImage>();

/** Drawn when first wanted; there are at most fourteen of them. */
export function trayImage(look: Pick<TrayLook, 'shape' | 'mark'>, platform: NodeJS.Platform): NativeImage {
  const name = `${look.shape} ${look.mark}`;
  const known = drawn.get(name);
  if (known !== undefined) return known;
  const image = imageOf(trayPictures(look, platform));
  // Black on nothing: macOS gives it the colour of its menu bar.
  if (platform === 'darwin') image.setTemplateImage(true);
  drawn.set(name, image);
  return image;
}

function imageOf(pictures: readonly Picture[]): NativeImage {
  const image = nativeImage.createEmpty();
  for (const { scaleFactor, png } of pictures) {
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    image.addRepresentation({ scaleFactor, width, height, buffer: png });
  }
  return image;
}
