// Adaptive film through hls.js. The whole build: the light one leaves out sound that lies in a file of its own.
import Hls from "hls.js";

// `height` is the shorter side of the one picture to be fetched, in px; 0 or nothing leaves the choice to the line. Gives back what ends it.
export function stream(film, address, height) {
  return new Promise((resolve, reject) => {
    if (!Hls.isSupported()) {
      reject(new Error("no media source extensions"));
      return;
    }
    const player = new Hls({ enableWorker: false, autoStartLoad: false, capLevelToPlayerSize: !height, maxBufferLength: 20 });
    const end = () => player.destroy();
    player.on(Hls.Events.MANIFEST_PARSED, () => {
      const level = height ? player.levels.findIndex((one) => Math.min(one.width, one.height) === height) : -1;
      if (level >= 0) player.loadLevel = level;
      player.startLoad();
      resolve(end);
    });
    player.on(Hls.Events.ERROR, (_, fault) => {
      if (!fault.fatal) return;
      end();
      reject(new Error(fault.details));
    });
    player.loadSource(address);
    player.attachMedia(film);
  });
}
