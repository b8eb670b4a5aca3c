// The curator's desk. Each part looks for its own marks in the page and stays silent without them.
import { dressValues } from "../desk/values.js";
import { orderFiles } from "../desk/order.js";
import { receiveFiles } from "../desk/upload.js";
import { nameSearchFields } from "../desk/names.js";
import { dressSecurityKeys } from "../desk/security-key.js";
import { watchFiles, watchJobs } from "../desk/progress.js";
import { offerLetters } from "../desk/letters.js";
import { keepDrafts } from "../desk/drafts.js";
import { rememberParts } from "../desk/groups.js";
import { offerTemplates } from "../desk/templates.js";
import { readDates } from "../desk/dates.js";
import { offerProposals } from "../desk/proposals.js";
import { markOrigin } from "../desk/origin.js";
import { goOnInSteps } from "../desk/table.js";
import { saveByKey } from "../desk/keys.js";
import { dressKeys } from "../desk/list-keys.js";
import { dressPalette } from "../desk/palette.js";
import { dressQuick } from "../desk/quick.js";

// Before rows are copied: their button is copied with them.
offerLetters(document);
dressValues(document);
dressKeys(document);
dressPalette(document);
dressQuick(document);
rememberParts(document);
offerTemplates(document);
readDates(document);
offerProposals(document);
markOrigin(document);
saveByKey(document);
keepDrafts(document);
goOnInSteps(document);
for (const files of document.querySelectorAll("[data-files]")) {
  const watcher = watchFiles(files);
  orderFiles(files);
  receiveFiles(files, watcher);
}
watchJobs(document);
dressSecurityKeys(document);
// Django's own scripts make their fields when jQuery says that the page is ready; what is registered later comes after them.
globalThis.django?.jQuery?.(() => nameSearchFields(document));
document.addEventListener("formset:added", (event) => {
  setTimeout(nameSearchFields, 0, event.target);
  offerLetters(event.target);
  dressValues(event.target);
});
