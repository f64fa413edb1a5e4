#!/usr/bin/env python3
"""A flow map by other means: draw_peers.py cairo|geopandas FOLDER WORLD.geojson OUT.png, 1600 × 900 pixels.

FOLDER holds places.csv and flows.csv. Land, curved arrows, circles and names, in plate carrée; no legend, no layout, and
names are put beside their places wherever that is. What is not installed is said, and the exit code is 3.
"""
import csv
import json
import math
import sys

COLOURS = {"work": (0.0, 0.45, 0.70), "family": (0.90, 0.62, 0.0), "refuge": (0.80, 0.47, 0.65)}
BEND = 0.18


def read(folder):
    with open(f"{folder}/places.csv", newline="", encoding="utf-8") as file:
        places = {r["id"]: (float(r["lon"]), float(r["lat"]), r["name"]) for r in csv.DictReader(file)}
    with open(f"{folder}/flows.csv", newline="", encoding="utf-8") as file:
        flows = [(r["origin"], r["dest"], float(r["count"]), r["kind"]) for r in csv.DictReader(file)]
    largest = max(f[2] for f in flows)
    return places, [(o, d, 0.5 + 9 * math.sqrt(w / largest), k) for o, d, w, k in sorted(flows, key=lambda f: f[2])]


def by_cairo(folder, world, out):
    import cairo

    width, height = 1600, 900
    def page(lon, lat):
        return (lon + 180) * width / 360, height / 2 - (lat - 10) * width / 360

    places, flows = read(folder)
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, width, height)
    pen = cairo.Context(surface)
    pen.set_source_rgb(1, 1, 1)
    pen.paint()
    for feature in json.load(open(world, encoding="utf-8"))["features"]:
        shape = feature["geometry"]
        for polygon in shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]:
            for ring in polygon:
                for k, position in enumerate(ring):
                    (pen.move_to if k == 0 else pen.line_to)(*page(*position[:2]))
                pen.close_path()
        pen.set_source_rgb(0.93, 0.92, 0.89)
        pen.fill_preserve()
        pen.set_source_rgb(0.78, 0.77, 0.73)
        pen.set_line_width(0.4)
        pen.stroke()
    for origin, destination, thick, kind in flows:
        (x, y), (u, v) = page(*places[origin][:2]), page(*places[destination][:2])
        bend = (x + u) / 2 + (v - y) * BEND, (y + v) / 2 - (u - x) * BEND
        pen.set_source_rgba(*COLOURS[kind], 0.8)
        pen.set_line_width(thick)
        pen.move_to(x, y)
        pen.curve_to(*bend, *bend, u, v)
        pen.stroke()
        way, head = math.atan2(v - bend[1], u - bend[0]), 6 + 1.5 * thick
        pen.move_to(u, v)
        for side in (-0.4, 0.4):
            pen.line_to(u - head * math.cos(way + side), v - head * math.sin(way + side))
        pen.fill()
    pen.set_font_size(11)
    for lon, lat, name in places.values():
        x, y = page(lon, lat)
        pen.arc(x, y, 3, 0, 2 * math.pi)
        pen.set_source_rgb(0.1, 0.1, 0.1)
        pen.fill()
        pen.move_to(x + 5, y - 4)
        pen.show_text(name)
    surface.write_to_png(out)


def by_geopandas(folder, world, out):
    import matplotlib

    matplotlib.use("Agg")
    import geopandas
    import matplotlib.pyplot as plt
    from matplotlib.patches import FancyArrowPatch

    places, flows = read(folder)
    figure, axes = plt.subplots(figsize=(16, 9), dpi=100)
    geopandas.read_file(world).plot(ax=axes, color="#ece8e0", edgecolor="#c8c4ba", linewidth=0.4)
    for origin, destination, thick, kind in flows:
        arrow = FancyArrowPatch(
            places[origin][:2], places[destination][:2], connectionstyle=f"arc3,rad={BEND}", arrowstyle="-|>",
            mutation_scale=6 + 2 * thick, linewidth=thick, color=COLOURS[kind], alpha=0.8, zorder=3,
        )
        axes.add_patch(arrow)
    for lon, lat, name in places.values():
        axes.annotate(name, (lon, lat), xytext=(4, 4), textcoords="offset points", fontsize=7, zorder=5)
    axes.scatter(*zip(*(p[:2] for p in places.values())), s=14, c="w", edgecolors="#222", zorder=4)
    axes.set_axis_off()
    figure.savefig(out)


if __name__ == "__main__":
    try:
        {"cairo": by_cairo, "geopandas": by_geopandas}[sys.argv[1]](*sys.argv[2:])
    except ImportError as missing:
        print(f"{sys.argv[1]} is not installed ({missing})", file=sys.stderr)
        sys.exit(3)
