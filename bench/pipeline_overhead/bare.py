"""The tool alone: what anybody would write who trusts the file. bare.py PACKAGES SOURCE OUT SETTINGS"""

import json
import sys

sys.path.append(sys.argv[1])

import pyvips  # now it can be found

source, out, settings = sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
edges = [int(edge) for edge in settings["long_edges_px"].split(",")]
image = pyvips.Image.jpegload(source, access="sequential")
longest = max(image.width, image.height)
shrink = next((one for one in (8, 4, 2) if longest / one >= edges[0] * 1.15), 1)
if shrink > 1:
    image = pyvips.Image.jpegload(source, access="sequential", shrink=shrink)
image = image.thumbnail_image(edges[0], height=edges[0], size="down").colourspace("srgb").copy_memory()
for edge in edges:
    longest = max(image.width, image.height)
    if longest > edge:
        width, height = round(image.width * edge / longest), round(image.height * edge / longest)
        image = image.resize(width / image.width, vscale=height / image.height).copy_memory()
    image.webpsave(f"{out}/{edge}.webp", Q=settings["webp_quality"], effort=settings["webp_effort"], keep="none")
