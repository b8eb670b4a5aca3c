// The page of a reader's list.
import "./site.js";
import { offerRoad } from "../road.js";

offerRoad(document);
