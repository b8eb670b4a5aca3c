// The page of a reader's list.
import { offerRoad } from "../road.js";

offerRoad(document);
