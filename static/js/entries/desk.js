// The curator's desk. Each part looks for its own marks in the page and stays silent without them.
import { dressValues } from "../desk/values.js";
import { orderFiles } from "../desk/order.js";
import { receiveFiles } from "../desk/upload.js";
import { watchFiles, watchJobs } from "../desk/progress.js";

dressValues(document);
for (const files of document.querySelectorAll("[data-files]")) {
  const watcher = watchFiles(files);
  orderFiles(files);
  receiveFiles(files, watcher);
}
watchJobs(document);
