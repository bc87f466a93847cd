import { useLayoutEffect, useRef, type RefObject } from 'react';
import { readPalette, type ChartPalette } from '../charts/palette.ts';
import { useTheme } from './use-theme.ts';

export interface CanvasPlace {
  readonly context: CanvasRenderingContext2D;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly palette: ChartPalette;
}

/** A canvas that is drawn anew when what it shows, its size or the theme changes. */
export function useDrawing(draw: (place: CanvasPlace) => void): RefObject<HTMLCanvasElement | null> {
  const ref = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  useLayoutEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return undefined;
    const paint = (): void => {
      const { clientWidth: width, clientHeight: height } = canvas;
      if (width === 0 || height === 0) return;
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      context.clearRect(0, 0, width, height);
      draw({ context, width, height, palette: readPalette(canvas) });
    };
    paint();
    const observer = new ResizeObserver(paint);
    observer.observe(canvas);
    return () => observer.disconnect();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- the tokens are those of the theme
  }, [draw, theme]);
  return ref;
}
