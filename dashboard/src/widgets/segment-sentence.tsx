import type { Condition, Rule } from '@/data/segment-rules'
import { conditionWords, segmentWords, textOf, type Word } from './segment-words'
import classes from './segment-sentence.module.css'

/** A segment's definition as a sentence; one line of it with `oneLine`. */
export function SegmentSentence({ rules, oneLine = false }: { rules: readonly Rule[]; oneLine?: boolean }) {
  return <Sentence words={segmentWords(rules)} oneLine={oneLine} />
}

/** One condition as a sentence. */
export function ConditionSentence({ condition }: { condition: Condition }) {
  return <Sentence words={conditionWords(condition)} />
}

function Sentence({ words, oneLine = false }: { words: readonly Word[]; oneLine?: boolean }) {
  return (
    <span
      className={classes['sentence']}
      data-one-line={oneLine || undefined}
      title={oneLine ? textOf(words) : undefined}
    >
      {words.map((word, place) => (
        <span key={place}>
          {place > 0 && isApart(words[place - 1], word) && ' '}
          <span className={classes[word.kind]}>{word.text}</span>
        </span>
      ))}
    </span>
  )
}

function isApart(before: Word | undefined, word: Word): boolean {
  const opens = before?.kind === 'joint' && before.text.endsWith('(')
  const closes = word.kind === 'joint' && /^[),]/.test(word.text)
  return !opens && !closes
}
