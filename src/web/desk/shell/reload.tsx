import type { Messages } from '@lingui/core'
import { Component, type ReactNode } from 'react'
import ar from '../../texts/desk-reload/ar.json'
import ckb from '../../texts/desk-reload/ckb.json'
import en from '../../texts/desk-reload/en.json'
import tr from '../../texts/desk-reload/tr.json'
import type { Language } from '../../texts/languages.ts'
import { textsOf } from '../../texts/texts.ts'
import { Button } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'
import { useLanguage } from './language.tsx'

type ReloadKey = keyof typeof en

/** These texts are in the first file of the desk: they are shown when other files can't be loaded. */
const TEXTS: Readonly<Record<Language, Record<ReloadKey, string>>> = { en, ar, ckb, tr }

export function useReloadText() {
  const { language } = useLanguage()
  // The bundler compiles the texts.
  return textsOf<ReloadKey>(language, TEXTS[language] as unknown as Messages)
}

export function ReloadButton() {
  const text = useReloadText()
  return (
    <Button kind="primary" onPress={() => location.reload()}>
      {text('reload')}
    </Button>
  )
}

function Stopped() {
  const text = useReloadText()
  return (
    <div className="page">
      <h1>{text('title')}</h1>
      <Notice kind="failure">
        <p>{text('text')}</p>
        <ReloadButton />
      </Notice>
    </div>
  )
}

/**
 * Shows what to do when a part of the desk fails, for example because its file can't be loaded: the gateway does not
 * run, or has a newer version with other files.
 */
export class ErrorBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError() {
    return { hasFailed: true }
  }

  override render() {
    return this.state.hasFailed ? <Stopped /> : this.props.children
  }
}
