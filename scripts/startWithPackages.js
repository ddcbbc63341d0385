/*
 * Makes a command work in a fresh clone, too: plain JavaScript without any dependency, which installs the development packages
 * when they are missing or older than package-lock.json.
 */
const { spawn } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const { npmCommand } = require('./n8n/npmCommand.cjs');

const root = join(__dirname, '..');
const OLDEST_NODE = [20, 19];

/** Whether every package of package-lock.json is installed in its version (npm keeps its own list of what it installed). */
function isInstalled() {
	try {
		const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
		const present = JSON.parse(
			readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8'),
		).packages;
		return Object.entries(wanted).every(
			([path, { version, optional, extraneous }]) =>
				path === '' || optional || extraneous || present[path]?.version === version,
		);
	} catch {
		return false;
	}
}

/** Runs npm ci, and says so. Rejects when it does not succeed. */
async function install() {
	const started = Date.now();
	const seconds = () => Math.round((Date.now() - started) / 1000);
	const title = "Installing the project's development packages (once; about 1 to 2 minutes)";
	console.error(`${title} …`);
	const timer = setInterval(() => console.error(`${title} · ${seconds()} s`), 15_000);
	const code = await new Promise((resolve, reject) => {
		const child = spawn(
			process.execPath,
			[
				'--require',
				join(root, 'scripts', 'n8n', 'endWithParent.cjs'),
				npmCommand(),
				'ci',
				'--include=dev',
				'--no-audit',
				'--no-fund',
				'--loglevel=error',
			],
			// the pipe on file descriptor 3 ends npm when this process ends, in whatever way
			{ cwd: root, detached: true, stdio: ['ignore', 'ignore', 'inherit', 'pipe'] },
		);
		child.once('error', reject);
		child.once('close', resolve);
	});
	clearInterval(timer);
	if (code !== 0)
		throw new Error("npm ci did not succeed. See the lines above; 'npm ci' shows them again.");
	console.error(`Development packages: installed (${seconds()} s)`);
}

/**
 * Installs the development packages if need be, then calls `start`, in which TypeScript can be required. What it throws is
 * printed, and the exit code is 1.
 */
async function startWithPackages(start) {
	try {
		const [major, minor] = process.versions.node.split('.').map(Number);
		if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
			throw new Error(
				`Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}.`,
			);
		}
		if (!isInstalled()) await install();
		require('tsx/cjs');
		await start();
	} catch (error) {
		console.error(`\n${error.message}`);
		process.exitCode = 1;
	}
}

module.exports = { startWithPackages };
