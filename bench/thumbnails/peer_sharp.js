// The same sizes with sharp: one decode, each size from the one before, its own defaults for WebP. peer_sharp.js OUT QUALITY EDGES SOURCE…
const fs = require("fs");
const path = require("path");
const sharp = require("sharp");

sharp.concurrency(1);
sharp.cache(false);

async function make(source, out, quality, edges) {
  fs.mkdirSync(out);
  let pixels = sharp(source).rotate().toColorspace("srgb");
  for (const edge of edges) {
    const made = await pixels.resize(edge, edge, { fit: "inside", withoutEnlargement: true }).raw().toBuffer({ resolveWithObject: true });
    const raw = { width: made.info.width, height: made.info.height, channels: made.info.channels };
    await sharp(made.data, { raw }).webp({ quality }).toFile(path.join(out, `${edge}.webp`));
    pixels = sharp(made.data, { raw });
  }
}

(async () => {
  const [out, quality, edges, ...sources] = process.argv.slice(2);
  for (const [number, source] of sources.entries()) {
    await make(source, path.join(out, String(number)), Number(quality), edges.split(",").map(Number));
  }
})();
