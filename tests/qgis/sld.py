#!/usr/bin/python3
"""sld.py PACKAGE STYLE...: loads each style STEM-LAYER.sld into that layer of a GeoPackage in QGIS, and prints, one JSON object a
style, whether it was read and by how many rules each feature is drawn.

Run with the Python that has QGIS's modules (Debian: python3-qgis, qgis-providers)."""
import json
import os
import sys
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
own = tempfile.mkdtemp(prefix="flowatlas-qgis-")
os.environ.setdefault("XDG_RUNTIME_DIR", own)
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = own

from qgis.core import QgsApplication, QgsExpression, QgsExpressionContext, QgsVectorLayer  # noqa: E402

package, styles = sys.argv[1], sys.argv[2:]
QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
for style in styles:
    name = style.rsplit("-", 1)[1].removesuffix(".sld")
    layer = QgsVectorLayer(f"{package}|layername={name}", name, "ogr")
    told, read = layer.loadSldStyle(style)
    rules = [QgsExpression(rule.filterExpression()) for rule in layer.renderer().rootRule().children()]
    drawn = []
    for feature in layer.getFeatures():
        context = QgsExpressionContext()
        context.setFields(layer.fields())
        context.setFeature(feature)
        drawn.append(sum(bool(rule.evaluate(context)) for rule in rules))
    print(json.dumps({"read": read, "told": told, "rules": len(rules), "drawn": drawn}))
