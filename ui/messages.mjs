// Compiles messages/*.json into typed functions, if they are newer than what was compiled before. No network is used.
// `npm run check`, the tests, the build and the walks all come through here; the compiler takes some seconds, so it runs only when it has to.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('.', import.meta.url)))
const OUT = './src/lib/paraglide'
const written = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0)
const FOLDERS = ['messages', 'messages/problems', 'messages/reasons']
const catalogues = FOLDERS.flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`))
const sources = [...catalogues, ...FOLDERS, 'project.inlang/settings.json', 'messages.mjs', 'package-lock.json']

if (Math.max(...sources.map(written)) >= written(`${OUT}/messages.js`)) {
  const { compile } = await import('@inlang/paraglide-js')
  await compile({ project: './project.inlang', outdir: OUT, strategy: ['globalVariable', 'baseLocale'], outputStructure: 'locale-modules', emitReadme: false, emitGitIgnore: false, emitPrettierIgnore: false })
}
