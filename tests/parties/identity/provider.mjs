// An OpenID provider that is not ours (npm oidc-provider) with two clients and a few accounts.
// node provider.mjs FOLDER_OF_NODE_MODULES PORT BACK, accounts as JSON in ACCOUNTS
import { generateKeyPairSync } from "node:crypto";
import { pathToFileURL } from "node:url";

const [, , modules, port, back] = process.argv;
const { default: Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`));
const accounts = JSON.parse(process.env.ACCOUNTS);
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const client = (id, more = {}) => ({
  client_id: id,
  client_secret: process.env.SECRET,
  redirect_uris: [back],
  response_types: ["code"],
  grant_types: ["authorization_code"],
  ...more,
});

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [client("zezhou-portal"), client("another-portal")],
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "one" }] },
  cookies: { keys: [process.env.SECRET] },
  claims: {
    openid: ["sub"],
    profile: ["name", "id_type", "id_number", "assurance", "phone_number", "company"],
  },
  pkce: { required: () => true, methods: ["S256"] },
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => accounts[id] && {
    accountId: id,
    claims: () => ({ sub: id, ...accounts[id] }),
  },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
