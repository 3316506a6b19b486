import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { fileURLToPath } from 'node:url';
import electronRules from './electron-rules.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const typed = [
  'src/**/*.ts',
  'main/**/*.ts',
  'main/**/*.cts',
  'renderer/**/*.{ts,tsx}',
  'test/**/*.{ts,tsx}',
];

export default tseslint.config(
  { basePath: root, ignores: ['dist/**', 'node_modules/**', 'release/**', 'docs/**', 'test-results/**'] },
  {
    basePath: root,
    files: ['**/*.{mjs,js}'],
    ...js.configs.recommended,
    languageOptions: { globals: nodeGlobals() },
  },
  {
    basePath: root,
    files: typed,
    extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked, tseslint.configs.stylistic],
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['renderer/vite.config.ts', 'main/electron/vite.preload.config.ts'],
        },
        tsconfigRootDir: root,
      },
    },
    rules: {
      'no-undef': 'off',
      'max-lines': ['error', { max: 300 }],
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['../**/dist/**', './dist/**'], message: 'Import the source.' }] },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/require-await': 'off',
      // Methods here are closures over a factory's state, never `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    basePath: root,
    files: ['src/**/*.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    basePath: root,
    files: ['main/electron/**/*.ts'],
    plugins: { electron: electronRules },
    rules: Object.fromEntries(Object.keys(electronRules.rules).map((name) => [`electron/${name}`, 'error'])),
  },
  {
    basePath: root,
    files: ['main/electron/**/*.ts'],
    ignores: ['main/electron/ipc.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'electron', importNames: ['ipcMain'], message: 'Use main/electron/ipc.ts.' }] },
      ],
    },
  },
  {
    basePath: root,
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks },
    rules: hooks.configs.recommended.rules,
  },
  {
    basePath: root,
    files: ['test/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);

function nodeGlobals() {
  return Object.fromEntries(
    [
      'process',
      'console',
      'URL',
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'Buffer',
      'fetch',
      'performance',
      'AbortController',
      'AbortSignal',
    ].map((name) => [name, 'readonly']),
  );
}
