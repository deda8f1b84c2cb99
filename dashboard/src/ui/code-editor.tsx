import { useComputedColorScheme } from '@mantine/core'
import { json } from '@codemirror/lang-json'
import { xml } from '@codemirror/lang-xml'
import { yaml } from '@codemirror/lang-yaml'
import { StreamLanguage } from '@codemirror/language'
import { toml } from '@codemirror/legacy-modes/mode/toml'
import CodeMirror, { EditorView, type Extension } from '@uiw/react-codemirror'
import type { Format } from './value-format'

const LANGUAGES: Record<Format, () => Extension> = {
  txt: () => [],
  json,
  yaml,
  xml,
  toml: () => StreamLanguage.define(toml),
}

interface CodeEditorProps {
  labelledBy: string
  value: string
  onChange: (text: string) => void
  format: Format
  readOnly: boolean
  nonce: string
}

/** Loaded when the first editor is drawn, because it weighs more than the rest of a page. */
function CodeEditor({ labelledBy, value, onChange, format, readOnly, nonce }: CodeEditorProps) {
  const scheme = useComputedColorScheme('light')
  return (
    <CodeMirror
      value={value}
      onChange={onChange}
      readOnly={readOnly}
      theme={scheme}
      minHeight="72px"
      maxHeight="360px"
      basicSetup={{ lineNumbers: format !== 'txt', foldGutter: false, highlightActiveLine: false }}
      extensions={[
        LANGUAGES[format](),
        EditorView.lineWrapping,
        EditorView.cspNonce.of(nonce),
        EditorView.contentAttributes.of({ 'aria-labelledby': labelledBy }),
      ]}
    />
  )
}

export default CodeEditor
