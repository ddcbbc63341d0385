import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const NODES = join(__dirname, '../../nodes');

// n8n stores static data as one object per workflow, as it was when a run began: what another node writes puts back the
// place of every polling trigger in it.
test('only the polling trigger keeps anything in static data', () => {
	const users = readdirSync(NODES, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.filter((name) => readFileSync(join(NODES, name), 'utf8').includes('getWorkflowStaticData'));
	expect(users).toEqual(['HiApiPollingTrigger/poll.ts']);
});
