import { createServer } from "node:http";
import { AuthError, login, refresh } from "./auth.js";
import { customerIdOf } from "./customers.js";
import { createTokenStore } from "./token-store.js";

const store = createTokenStore();
const routes = {
  "POST /login": ({ name, password }) => login(store, customerIdOf(name, password), Date.now()),
  "POST /refresh": ({ refreshToken }) => refresh(store, refreshToken, Date.now()),
};

createServer(async (request, response) => {
  const route = routes[`${request.method} ${request.url}`];
  if (!route) return response.writeHead(404).end();
  try {
    response.end(JSON.stringify(route(await bodyOf(request))));
  } catch (error) {
    response.writeHead(error instanceof AuthError ? 401 : 500).end();
  }
}).listen(8080);

async function bodyOf(request) {
  let text = "";
  for await (const part of request) text += part;
  return JSON.parse(text);
}
