import { fileURLToPath } from "node:url";
import { agentContract } from "../agent.contract.ts";
import { claude } from "./claude.ts";

agentContract(claude, fileURLToPath(new URL("../../../test/fixtures/claude", import.meta.url)));
