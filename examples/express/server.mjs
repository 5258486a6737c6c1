// An API of a bank. Reading the balance takes a token; changing the limit takes two kinds of proof, the first of them given
// within the last five minutes. Whoever has less is told what to bring (RFC 9470 section 3).
import express from 'express';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { ISSUER, AUDIENCE, PORT = '3000' } = process.env; // the issuer ends with a slash
const keys = createRemoteJWKSet(new URL('.well-known/jwks.json', ISSUER));
const levels = ['aal1', 'aal2', 'aal3'];

/** Lets nobody past without an access token that is for this API. */
async function withToken(request, response, next) {
  const [, token] = /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '') ?? [];
  if (!token) {
    response.set('WWW-Authenticate', 'Bearer').status(401).json({ error: 'no token' });
    return;
  }
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: 'at+jwt',
      algorithms: ['RS256', 'ES256'],
    });
    request.token = payload;
  } catch {
    response.set('WWW-Authenticate', 'Bearer error="invalid_token"').status(401).json({ error: 'invalid_token' });
    return;
  }
  next();
}

/** Asks for more where the token says too little, or what it says is too old. */
function proven(level, maxAge) {
  return (request, response, next) => {
    const { acr, auth_time: at } = request.token;
    const enough = levels.indexOf(acr) >= levels.indexOf(level);
    if (enough && Date.now() / 1000 - at <= maxAge) {
      next();
      return;
    }
    response
      .set(
        'WWW-Authenticate',
        `Bearer error="insufficient_user_authentication", acr_values="${level}", max_age="${maxAge}"`,
      )
      .status(401)
      .json({ error: 'insufficient_user_authentication' });
  };
}

const app = express();
app.use(withToken);
app.get('/balance', (request, response) => response.json({ balance: '1000.00', of: request.token.sub }));
app.post('/limit', proven('aal2', 300), (request, response) => response.json({ limit: '5000.00', of: request.token.sub }));

const server = app.listen(Number(PORT), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
