// What every page may need. Each part looks for its own marks in the page and stays silent without them.
import { watchWork } from "../work.js";
import { offerZoom } from "../zoom-offer.js";
import { offerStream } from "../stream-offer.js";
import { linkWaves } from "../wave.js";
import { offerMoments } from "../seek.js";
import { offerTools } from "../tools.js";
import { offerCopies } from "../copying.js";
import { turnPages } from "../pages.js";
import { turnBySwiping } from "../swipe.js";
import { followSpeech } from "../spoken.js";
import { offerSuggestions } from "../suggest.js";
import { noteWhereOneIs } from "../notes.js";
import { keepOfflinePage } from "../offline.js";

function dress(root) {
  offerZoom(root);
  offerStream(root);
  linkWaves(root);
  offerMoments(root);
  offerTools(root);
  offerCopies(root);
}

dress(document);
turnPages(document);
turnBySwiping(document);
followSpeech(document);
watchWork(document, dress);
offerSuggestions(document);
noteWhereOneIs(document);
keepOfflinePage();
