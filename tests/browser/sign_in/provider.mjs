/**
 * An OpenID provider of the tests' own, by the certified implementation `oidc-provider`: node provider.mjs PORT CALLBACK.
 *
 * Whoever signs in is who they say they are: the name before an @ that begins with "unproven" has an address that nobody has confirmed.
 */

import Provider from "oidc-provider";

const [port, callback] = process.argv.slice(2);
const client = { client_id: "lazybones", client_secret: "no secret", redirect_uris: [callback], post_logout_redirect_uris: [callback] };

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [client],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  conformIdTokenClaims: false, // the claims are in the token itself, as with the large providers
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: !id.startsWith("unproven"), name: id.split("@")[0] }),
  }),
  features: { rpInitiatedLogout: { enabled: true } },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
