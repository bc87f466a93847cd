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
    // One, in the order of the modules: a style that came with a later script could win over the wrong one.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    target: 'chrome138',
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What the first view needs is one script, however many later ones share pieces of it.
          groups: [{ name: 'first', tags: ['$initial'] }],
        },
      },
    },
  },
});
