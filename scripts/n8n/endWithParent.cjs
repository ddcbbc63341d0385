/*
 * Loaded into n8n with `--require` (plain JavaScript, as no compiler runs there). File descriptor 3 is a pipe to the process
 * that started n8n: it closes when that process ends in whatever way, `kill -9` included, and then n8n must not stay behind.
 */
const { Socket } = require('node:net');

const parent = new Socket({ fd: 3, readable: true, writable: false });

function end() {
	// n8n leads a process group of its own, with its task runner in it
	process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL');
}

parent.on('error', end);
parent.on('close', end);
parent.resume();
parent.unref();
