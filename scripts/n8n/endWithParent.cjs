/*
 * Loaded into n8n and npm with `--require` (plain JavaScript, as no compiler runs there). File descriptor 3 is a pipe to the
 * process that started them: it closes when that process ends in whatever way, `kill -9` included, and then nothing must stay
 * behind.
 */
const { Socket } = require('node:net');

const parent = new Socket({ fd: 3, readable: true, writable: false });

function end() {
	// started as leader of a process group of its own, with whatever it starts in it (n8n's task runner, a compiler)
	process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL');
}

parent.on('error', end);
parent.on('close', end);
parent.resume();
parent.unref();
