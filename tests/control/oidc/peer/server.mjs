// A certified OpenID provider on this machine, for one application of ours: node server.mjs ISSUER CERTIFICATE CALLBACK
import fs from 'node:fs'
import https from 'node:https'
import Provider from 'oidc-provider'

const [issuer, certificate, callback] = process.argv.slice(2)
const pem = fs.readFileSync(certificate)
const provider = new Provider(issuer, {
  clients: [{ client_id: 'burgee', client_secret: 's:cret/+ %', redirect_uris: [callback] }],
  claims: { email: ['email', 'email_verified'], profile: ['given_name', 'family_name', 'groups'] },
  cookies: { keys: ['only for tests'] },
  pkce: { required: () => true },
  findAccount: (_context, name) => ({
    accountId: name,
    claims: () => ({
      sub: name,
      email: `${name}@acme.example`,
      email_verified: true,
      given_name: 'Grace',
      family_name: 'Hopper',
      groups: ['makers'],
    }),
  }),
})
const server = https.createServer({ key: pem, cert: pem }, provider.callback())
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
