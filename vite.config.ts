import react from '@vitejs/plugin-react';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/**
 * Builds the window into dist/renderer. Everything is a file of its own: the content security policy
 * allows no inline script or style and no font from a data address.
 */

/** With all that it imports it is the script that the page runs first. */
const linkModule = join(import.meta.dirname, 'renderer/bridge/opened.ts').replaceAll('\\', '/');
const linkModules = new Set<string>();

export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react(), linkFirst()],
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
          groups: [
            { name: 'link', test: (id) => linkModules.has(id), priority: 1 },
            // What the first view needs is one script, however many later ones share pieces of it.
            { name: 'first', tags: ['$initial'] },
          ],
        },
      },
    },
  },
});

/**
 * Gives the link's script a tag of its own before the window's. As an import alone it would be evaluated
 * only once everything beside it is fetched and compiled.
 */
function linkFirst(): Plugin {
  return {
    name: 'link-first',
    apply: 'build',
    buildEnd() {
      linkModules.clear();
      const found = [linkModule];
      for (const id of found) {
        if (linkModules.has(id)) continue;
        linkModules.add(id);
        found.push(...(this.getModuleInfo(id)?.importedIds ?? []));
      }
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const link = Object.values(bundle ?? {}).find(
          (file) => file.type === 'chunk' && file.name === 'link',
        );
        if (link === undefined) throw new Error('the link to the host has become no script of its own');
        const attrs = { type: 'module', crossorigin: true, src: `./${link.fileName}` };
        return [{ tag: 'script', attrs, injectTo: 'head-prepend' }];
      },
    },
  };
}
