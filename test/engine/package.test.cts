import { existsSync } from 'node:fs';

import { PackageDirectoryLoader } from 'n8n-core';

test('n8n loads every node and credential of the built package, with icons and search words', async () => {
	const loader = new PackageDirectoryLoader('.');
	await loader.loadAll();
	const { nodes, credentials } = loader.types;
	expect(credentials.map(({ name }) => name)).toEqual(['hiApiApi']);
	expect(nodes.map(({ name }) => name)).toEqual(expect.arrayContaining(['hiApi', 'hiApiTrigger']));
	for (const type of [...nodes, ...credentials]) {
		const { light, dark } = type.iconUrl as { light: string; dark: string };
		for (const url of [light, dark]) {
			expect(existsSync(url.replace(/^icons\/n8n-nodes-hiapi\//, ''))).toBe(true);
		}
		expect(light).not.toBe(dark);
	}
	for (const node of nodes) {
		expect(node.codex?.categories?.length).toBeGreaterThan(0);
		expect(node.codex?.alias).toContainEqual(expect.stringContaining('image'));
	}
});
