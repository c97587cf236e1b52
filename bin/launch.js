"use strict";
/**
 * Runs a command from dist/. V8 needs longer to compile the command than the command needs to
 * compile Lua, so V8's result is kept in a file beside it (`*.cache`), one for each version of
 * Node. Where that file cannot be written everything works the same, a little later.
 */
const fs = require("node:fs");
const vm = require("node:vm");

/** @param {string} name of the command */
module.exports = function launch(name) {
  const file = `${__dirname}/../dist/${name}.cjs`;
  const code = readIfThere(file);
  if (code === undefined) {
    fs.writeSync(2, `${name}: not built yet; run: npm run build\n`);
    process.exitCode = 1;
    return;
  }
  const { size, mtimeMs } = fs.statSync(file);
  const key = `${process.version}-${process.arch}-${size}-${Math.floor(mtimeMs)}`;
  const cacheFile = `${__dirname}/../dist/${name}.${key}.cache`;
  const cachedData = readIfThere(cacheFile);
  const script = new vm.Script(`(function (require) {${code}\n})`, { filename: file, cachedData });
  script.runInThisContext()(require);
  if (!cachedData || script.cachedDataRejected) keep(cacheFile, script);
};

function readIfThere(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Written beside and renamed, because another process may be reading it at this moment. */
function keep(file, script) {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    // Opened first: where nothing can be written the data need not be made.
    const handle = fs.openSync(temporary, "wx");
    try {
      writeAndClose(handle, script.createCachedData());
      fs.renameSync(temporary, file);
    } catch {
      fs.unlinkSync(temporary);
    }
  } catch {
    // The next run is as fast as this one was.
  }
}

function writeAndClose(handle, data) {
  try {
    fs.writeFileSync(handle, data);
  } finally {
    fs.closeSync(handle);
  }
}
