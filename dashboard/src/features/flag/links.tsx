import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconCircleDot, IconFileText, IconGitPullRequest, IconPencil, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import {
  linksOf,
  useAddLink,
  useNoteLink,
  useRemoveLink,
  type FeatureLink,
  type LinkKind,
} from '@/data/feature-links'
import { messageOf } from '@/lib/errors'
import type { FeatureId } from '@/lib/ids'
import { notifyDone } from '@/ui/notify'
import { useCan } from '@/widgets/can'
import { useProject } from '@/widgets/use-environment'
import { LinkForm } from './link-form'
import { hrefOf, KIND_WORDS, shortFormOf, titleOf, withTitle } from './link-words'
import aside from './flag-screen.module.css'
import classes from './links.module.css'

const ICONS: Readonly<Record<LinkKind, typeof IconFileText>> = {
  GITHUB_ISSUE: IconCircleDot,
  GITLAB_ISSUE: IconCircleDot,
  GITHUB_PR: IconGitPullRequest,
  GITLAB_MR: IconGitPullRequest,
  LINK: IconFileText,
}

/** The tickets, pull requests and documents that belong to the flag. */
export function Links({ feature }: { feature: FeatureId }) {
  const project = useProject()
  const mayChange = useCan('CREATE_FEATURE', { project: project.id })
  const { data: links } = useQuery(linksOf(project.id, feature))
  // Here and not in the row, which is gone when its undo is asked for.
  const removal = useRemoveLink(project.id, feature)
  const { mutate: restore } = useAddLink(project.id, feature)
  const [isAdding, setAdding] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const remove = ({ id, url, type, metadata }: FeatureLink) => {
    const tell = () =>
      notifyDone({ message: 'The link is removed', onUndo: () => restore({ url, type, metadata }) })
    void removal.mutateAsync(id).then(tell, () => undefined)
  }
  return (
    <section aria-label="Links">
      <h2 className={aside['label']}>
        Links
        {mayChange && (
          <Button
            ref={opener}
            size="compact-xs"
            variant="subtle"
            aria-label="Add a link"
            aria-expanded={isAdding}
            onClick={() => setAdding(!isAdding)}
          >
            Add
          </Button>
        )}
      </h2>
      {links?.length === 0 && !isAdding && (
        <p className={aside['quiet']}>No ticket, pull request or document.</p>
      )}
      {links && links.length > 0 && (
        <ul className={classes['links']}>
          {links.map((link) => (
            <Row
              key={link.id}
              feature={feature}
              link={link}
              mayChange={mayChange}
              onRemove={() => remove(link)}
            />
          ))}
        </ul>
      )}
      {isAdding && (
        <LinkForm
          feature={feature}
          onClose={() => {
            setAdding(false)
            opener.current?.focus()
          }}
        />
      )}
    </section>
  )
}

interface RowProps {
  feature: FeatureId
  link: FeatureLink
  mayChange: boolean
  onRemove: () => void
}

function Row({ feature, link, mayChange, onRemove }: RowProps) {
  const [isEditing, setEditing] = useState(false)
  const { url, type } = link
  const name = titleOf(link) || shortFormOf(url)
  const href = hrefOf(url)
  const Icon = ICONS[type]
  return (
    <li className={classes['row']}>
      <span className={classes['kind']} role="img" aria-label={KIND_WORDS[type]} title={KIND_WORDS[type]}>
        <Icon size={15} />
      </span>
      {isEditing ? (
        <TitleField feature={feature} link={link} onClose={() => setEditing(false)} />
      ) : (
        <span className={classes['name']} title={url}>
          {href ? (
            <a href={href} target="_blank" rel="noopener noreferrer">
              {name}
            </a>
          ) : (
            name
          )}
        </span>
      )}
      {mayChange && !isEditing && (
        <span className={classes['acts']}>
          <ActionIcon size="sm" aria-label={`Edit the title of ${name}`} onClick={() => setEditing(true)}>
            <IconPencil size={14} />
          </ActionIcon>
          <ActionIcon size="sm" aria-label={`Remove the link to ${name}`} onClick={onRemove}>
            <IconTrash size={14} />
          </ActionIcon>
        </span>
      )}
    </li>
  )
}

interface TitleFieldProps {
  feature: FeatureId
  link: FeatureLink
  onClose: () => void
}

function TitleField({ feature, link, onClose }: TitleFieldProps) {
  const [text, setText] = useState(titleOf(link))
  const { mutate, error, isPending } = useNoteLink(useProject().id, feature)
  const save = () => {
    if (isPending) return
    if (text.trim() === titleOf(link)) onClose()
    else
      mutate(
        { id: link.id, metadata: withTitle(link.metadata, text) },
        {
          onSuccess: () => {
            notifyDone({ message: 'The title is saved' })
            onClose()
          },
        },
      )
  }
  return (
    <TextInput
      className={classes['name']}
      size="xs"
      aria-label={`Title of ${shortFormOf(link.url)}`}
      placeholder={shortFormOf(link.url)}
      maxLength={200}
      autoFocus
      value={text}
      error={error ? messageOf(error) : null}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') save()
        if (event.key === 'Escape') onClose()
      }}
    />
  )
}
