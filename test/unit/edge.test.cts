import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOMS = ['generation', 'models'].map((room) => join(__dirname, '../../nodes/HiApi', room));
const CONTEXT = /\bI(?:All)?(?:Execute|Webhook|LoadOptions|Hook|Poll|Trigger)\w*Functions\b/;

// Whoever gets n8n's context can do anything with it, so nobody could say what a part depends on, or try it without n8n.
test("n8n's context ends at the edge: the pipeline and the models get settings and ports", () => {
	const users = ROOMS.flatMap((room) =>
		readdirSync(room, { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.map((name) => join(room, name))
			.filter((file) => CONTEXT.test(readFileSync(file, 'utf8'))),
	);
	expect(users).toEqual([]);
});
