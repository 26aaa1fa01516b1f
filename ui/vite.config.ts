import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const script = fileURLToPath(new URL('messages.mjs', import.meta.url))
const compile = () => execFileSync(process.execPath, [script], { stdio: 'inherit' })

/** The functions of the messages are there before anything asks for them, and again when a message was changed. */
const messages = (): Plugin => ({
  name: 'belfry:messages',
  config: () => void compile(),
  configureServer: (server) => void server.watcher.add(fileURLToPath(new URL('messages', import.meta.url))),
  watchChange: (file) => {
    if (/\/messages\/.*\.json$/.test(file)) compile()
  },
})

export default defineConfig({
  plugins: [messages(), svelte(), svelteTesting()],
  clearScreen: false,
  server: { host: '127.0.0.1', port: 5173, strictPort: true },
  build: {
    target: 'safari16.4',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One script: a page whose program goes while another script of it is being fetched turns until WebKit ends it, ten seconds later. Nothing is downloaded, so its
    // size is no matter.
    rolldownOptions: { output: { codeSplitting: false } },
    chunkSizeWarningLimit: 1000,
  },
  test: { environment: 'jsdom', include: ['src/**/*.test.ts'], setupFiles: ['./tests/setup.ts'], restoreMocks: true, testTimeout: 60_000 },
})
