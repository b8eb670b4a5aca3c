// Adaptive film through hls.js. The whole build: the light one leaves out sound that lies in a file of its own.
import Hls from "hls.js";

export function stream(film, address) {
  return new Promise((resolve, reject) => {
    if (!Hls.isSupported()) {
      reject(new Error("no media source extensions"));
      return;
    }
    const player = new Hls({ enableWorker: false, capLevelToPlayerSize: true, maxBufferLength: 20 });
    player.on(Hls.Events.MANIFEST_PARSED, () => resolve());
    player.on(Hls.Events.ERROR, (_, fault) => {
      if (!fault.fatal) return;
      player.destroy();
      reject(new Error(fault.details));
    });
    player.loadSource(address);
    player.attachMedia(film);
  });
}
