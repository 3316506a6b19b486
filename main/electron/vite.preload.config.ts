import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Builds the preload script alone: a sandboxed preload must be one CommonJS file and may require nothing but electron. */
export default defineConfig({
  publicDir: false,
  build: {
    target: 'node20',
    outDir: here('../../dist/main/electron'),
    emptyOutDir: false,
    lib: { entry: here('preload.ts'), formats: ['cjs'], fileName: () => 'preload.cjs' },
    rollupOptions: { external: ['electron'] },
  },
});
