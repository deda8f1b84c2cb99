/** What `tsc` and `eslint .` say, from one reading of the program: each alone spends most of its time on that. */
import { ESLint } from 'eslint'
import ts from 'typescript'

const host = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: ts.sys.getCurrentDirectory,
  getNewLine: () => ts.sys.newLine,
}

const unreadable = (fault) => {
  throw new Error(ts.formatDiagnostic(fault, host))
}
const config = ts.getParsedCommandLineOfConfigFile(
  'tsconfig.json',
  {},
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: unreadable },
)
const program = ts.createProgram({
  rootNames: config.fileNames,
  options: config.options,
  configFileParsingDiagnostics: config.errors,
})
const typeFaults = ts.getPreEmitDiagnostics(program)
process.stdout.write(ts.formatDiagnosticsWithColorAndContext(typeFaults, host))

const eslint = new ESLint({
  overrideConfig: { languageOptions: { parserOptions: { projectService: false, programs: [program] } } },
})
const results = await eslint.lintFiles(['.'])
const formatter = await eslint.loadFormatter('stylish')
process.stdout.write(await formatter.format(results))

const isClean = typeFaults.length === 0 && results.every(({ errorCount }) => errorCount === 0)
process.exitCode = isClean ? 0 : 1
