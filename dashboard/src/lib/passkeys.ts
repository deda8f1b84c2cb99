/** Whether this browser makes and shows passkeys here: over https, or on this machine. */
export function canUsePasskeys(): boolean {
  return (
    window.isSecureContext &&
    typeof PublicKeyCredential !== 'undefined' &&
    'parseRequestOptionsFromJSON' in PublicKeyCredential
  )
}

/** What the authenticator signs, as the server reads it. */
export async function shownPasskey(options: PublicKeyCredentialRequestOptionsJSON): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
  return asJson(await inWords(navigator.credentials.get({ publicKey })))
}

/** A new passkey in the authenticator that somebody chooses. */
export async function madePasskey(options: PublicKeyCredentialCreationOptionsJSON): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
  return asJson(await inWords(navigator.credentials.create({ publicKey })))
}

function asJson(credential: Credential | null): unknown {
  if (!(credential instanceof PublicKeyCredential)) throw new Error('The browser gave no passkey.')
  return credential.toJSON()
}

const WORDS: Readonly<Record<string, string>> = {
  NotAllowedError: 'No passkey was used: it was cancelled, or it took too long.',
  InvalidStateError: 'This device has a passkey for this account already.',
  SecurityError: 'Passkeys belong to another address of this server. Open the dashboard there.',
  NotSupportedError: 'This device cannot keep such a passkey.',
}

async function inWords<Told>(asked: Promise<Told>): Promise<Told> {
  try {
    return await asked
  } catch (error) {
    const words = error instanceof DOMException ? WORDS[error.name] : undefined
    throw words ? new Error(words) : error
  }
}
