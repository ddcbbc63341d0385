import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { n8nFolder } from '../../../scripts/n8n/runtime.cts';
import { lacks } from '../../e2e/support/abilities.cts';

// Unit tests read which end-to-end tests there are, on a new machine while n8n is still being fetched.
const usual = process.env.N8N_NODES_HIAPI_CACHE;
let cache: string;

beforeEach(() => {
	cache = mkdtempSync(join(tmpdir(), 'n8n-cache-'));
	process.env.N8N_NODES_HIAPI_CACHE = cache;
});

afterEach(() => {
	if (usual === undefined) delete process.env.N8N_NODES_HIAPI_CACHE;
	else process.env.N8N_NODES_HIAPI_CACHE = usual;
	rmSync(cache, { recursive: true });
});

test('an n8n that is still being fetched lacks nothing yet', () => {
	expect(lacks('agentsOfVersion3')).toBeUndefined();
	mkdirSync(join(n8nFolder(), 'node_modules'), { recursive: true });
	expect(lacks('agentsOfVersion3')).toBeUndefined();
});

test('an n8n that has been fetched lacks what is not in it', () => {
	const agent = join(n8nFolder(), 'node_modules/@n8n/n8n-nodes-langchain/dist/nodes/agents/Agent');
	mkdirSync(agent, { recursive: true });
	writeFileSync(join(n8nFolder(), '.complete'), '');
	expect(lacks('agentsOfVersion3')).toContain('AI Agent node of version 3');
	mkdirSync(join(agent, 'V3'));
	expect(lacks('agentsOfVersion3')).toBeUndefined();
});
