import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { npm, run } from './npm.cts';
import { ensureN8n } from './runtime.cts';

const EMPTY_LEDGER = { name: 'installed-nodes', private: true, dependencies: {} };

/** The package that an n8n has got. */
export interface InstalledPackage {
	name: string;
	version: string;
	/** Types of its nodes as workflows name them, e.g. `n8n-nodes-hiapi.hiApi`. */
	nodeTypes: string[];
}

/** Packs the package in `folder`, as `npm publish` would, into `into`; returns the tarball's path. The package must be built. */
export async function packPackage(folder: string, into: string): Promise<string> {
	const printed = await npm({ args: ['pack', '--json', '--pack-destination', into], folder });
	const [{ filename }] = JSON.parse(printed) as Array<{ filename: string }>;
	return join(into, filename);
}

/**
 * Puts a packed package where n8n's own installer (n8n 2.41, community-packages.service.js) puts it, and as it does:
 * unpacked, without development, peer and optional dependencies, dependencies installed without scripts, entered in the ledger
 * and in the two tables that Settings > Community nodes reads. n8n must not be running on the folder, and must have run once.
 */
export async function installPackage(
	tarball: string,
	userFolder: string,
): Promise<InstalledPackage> {
	const runtime = await ensureN8n();
	const nodes = join(userFolder, '.n8n', 'nodes');
	const unpacked = mkdtempSync(join(tmpdir(), 'n8n-nodes-hiapi-unpack-'));
	try {
		await run('tar', ['-xzf', tarball, '-C', unpacked], unpacked);
		const { name, version } = readJson<{ name: string; version: string }>(
			join(unpacked, 'package', 'package.json'),
		);

		const folder = join(nodes, 'node_modules', name);
		rmSync(folder, { recursive: true, force: true });
		mkdirSync(folder, { recursive: true });
		await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'], unpacked);
		const { devDependencies, peerDependencies, optionalDependencies, ...kept } = readJson(
			join(folder, 'package.json'),
		);
		writeJson(join(folder, 'package.json'), kept);
		await npm({
			args: ['install', '--bin-links=false'],
			folder,
			settings: { 'install-strategy': 'shallow', 'package-lock': 'false' },
		});

		const ledger = join(nodes, 'package.json');
		const installed: { dependencies?: Record<string, string> } = existsSync(ledger)
			? readJson(ledger)
			: { ...EMPTY_LEDGER };
		writeJson(ledger, {
			...installed,
			dependencies: { ...installed.dependencies, [name]: version },
		});

		const printed = await run(
			runtime.node.executable,
			[join(__dirname, 'registerPackage.cjs'), folder, join(userFolder, '.n8n', 'database.sqlite')],
			folder,
			// n8n gives community packages its own copy of n8n-workflow in the same way
			{ ...process.env, NODE_PATH: runtime.modules, NODE_OPTIONS: '' },
		);
		return { name, version, nodeTypes: JSON.parse(printed) as string[] };
	} finally {
		rmSync(unpacked, { recursive: true, force: true });
	}
}

function readJson<T = Record<string, unknown>>(file: string): T {
	return JSON.parse(readFileSync(file, 'utf8')) as T;
}

function writeJson(file: string, value: unknown): void {
	writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
