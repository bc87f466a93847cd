import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * Builds the window into dist/renderer. Everything is a file of its own: the content security policy
 * allows no inline script or style and no font from a data address.
 */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'chrome138',
    chunkSizeWarningLimit: 900,
  },
});
