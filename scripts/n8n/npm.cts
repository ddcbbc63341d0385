import { type ChildProcess, spawn } from 'node:child_process';
import { basename, delimiter, dirname, join } from 'node:path';

// plain JavaScript, as the demo's launcher needs it before anything is installed
const { npmCommand } = require('./npmCommand.cjs') as { npmCommand: () => string };

const END_WITH_PARENT = join(__dirname, 'endWithParent.cjs');

/** Settings that only say how a registry is reached; everything else of the machine's npm configuration is overruled. */
const REACH =
	/^npm_config_(registry|proxy|https_proxy|noproxy|cafile|ca|strict_ssl|cache|userconfig|globalconfig)$/i;

/** Fixed for every call, as a machine's or a user's npmrc may say anything. */
const FIXED = {
	audit: 'false',
	fund: 'false',
	'update-notifier': 'false',
	progress: 'false',
	loglevel: 'error',
	color: 'false',
	global: 'false',
	'dry-run': 'false',
	'ignore-scripts': 'true',
	'install-strategy': 'hoisted',
	'install-links': 'false',
	'legacy-peer-deps': 'false',
	'engine-strict': 'false',
	'package-lock': 'true',
	'prefer-offline': 'true',
	'omit-lockfile-registry-resolved': 'true',
};

export interface NpmCall {
	/** Arguments after `npm`. */
	args: string[];
	/** Working folder, which is also the project the call is about. */
	folder: string;
	/** npm settings for this call, over the fixed ones. */
	settings?: Record<string, string>;
	/** The Node that runs npm and every script it starts; default: the running one. */
	node?: string;
}

/**
 * Runs npm whatever the machine's npm configuration says (only registry, proxy, certificates and cache are left to it)
 * and returns what it printed on standard output. Throws an Error that holds the end of its output when it fails.
 */
export async function npm(call: NpmCall): Promise<string> {
	const node = call.node ?? process.execPath;
	const settings = { ...FIXED, ...call.settings };
	const child = spawn(node, ['--require', END_WITH_PARENT, npmCommand(), ...call.args], {
		cwd: call.folder,
		env: {
			...withoutNpmSettings(process.env),
			...Object.fromEntries(
				Object.entries(settings).map(([name, value]) => [
					`npm_config_${name.replaceAll('-', '_')}`,
					value,
				]),
			),
			PATH: [dirname(node), process.env.PATH ?? ''].join(delimiter),
		},
		// in a process group of its own, which ends when the pipe on file descriptor 3 closes: an npm that outlives
		// its caller would go on writing into a folder that the next caller fills
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
	});
	const output = await collect(child);
	if (output.code !== 0) {
		throw new Error(
			`npm ${call.args.join(' ')} ended with ${output.code}:\n${(output.stderr + output.stdout).slice(-4000)}`,
		);
	}
	return output.stdout;
}

/** Runs a command and returns its standard output; throws an Error with the end of its output when it fails. */
export async function run(
	command: string,
	args: string[],
	folder: string,
	env = process.env,
): Promise<string> {
	const output = await collect(
		spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }),
	);
	if (output.code !== 0) {
		throw new Error(
			`${basename(command)} ${args.join(' ')} ended with ${output.code}:\n${(output.stdout + output.stderr).slice(-4000)}`,
		);
	}
	return output.stdout;
}

async function collect(
	child: ChildProcess,
): Promise<{ code: number | string; stdout: string; stderr: string }> {
	let stdout = '';
	let stderr = '';
	child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
	child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
	return await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) =>
			resolve({ code: code ?? signal ?? 'unknown', stdout, stderr }),
		);
	});
}

function withoutNpmSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return Object.fromEntries(
		Object.entries(env).filter(([name]) => {
			if (/^(NODE_OPTIONS|NODE_ENV|INIT_CWD)$/.test(name)) return false;
			return !/^npm_/i.test(name) || REACH.test(name);
		}),
	);
}
