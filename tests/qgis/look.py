#!/usr/bin/python3
"""look.py PICTURES FILE...: opens layers, projects and pictures in QGIS without a window, draws them to the folder
PICTURES, and prints what it saw as JSON, one object a file.

Run with the Python that has QGIS's modules (Debian: python3-qgis, qgis-providers)."""
import json
import os
import sys
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
own = tempfile.mkdtemp(prefix="flowatlas-qgis-")
os.environ.setdefault("XDG_RUNTIME_DIR", own)
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = own

from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsCoordinateTransform,
    QgsDataProvider,
    QgsLayoutExporter,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QEventLoop, QSize, Qt  # noqa: E402
from qgis.PyQt.QtGui import QFontDatabase, QImage  # noqa: E402

pictures, files = sys.argv[1], sys.argv[2:]
here = os.path.dirname(os.path.abspath(__file__))
QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
fonts = os.path.join(here, "..", "..", "styles", "fonts")
for font in sorted(os.listdir(fonts)):
    if font.endswith(".ttf"):
        QFontDatabase.addApplicationFont(os.path.join(fonts, font))
log = []
QgsApplication.messageLog().messageReceived.connect(lambda text, tag, level: log.append(f"{tag}: {text}") if level else 0)


def plain(value):
    return value if isinstance(value, (int, float, str, bool)) else None


def seen(layer):
    facts = {"name": layer.name(), "valid": layer.isValid(), "crs": layer.crs().authid() or layer.crs().toProj()}
    if isinstance(layer, QgsRasterLayer):
        extent = layer.extent()
        facts["extent"] = [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]
        return facts
    rows = list(layer.getFeatures()) if layer.isValid() else []
    names = [field.name() for field in layer.fields()]
    facts["geometry"] = QgsWkbTypes.displayString(layer.wkbType())
    facts["features"] = len(rows)
    facts["without_geometry"] = sum(row.geometry().isNull() for row in rows)
    facts["renderer"] = layer.renderer().type() if layer.renderer() else None
    facts["labels"] = layer.labelsEnabled()
    facts["fields"] = names
    facts["first"] = [[plain(row[name]) for name in names] for row in rows[:3]]
    return facts


def draw(layers, system, extent, name):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(system)
    settings.setTransformContext(QgsProject.instance().transformContext())
    settings.setOutputSize(QSize(900, 700))
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    loop = QEventLoop()
    job.finished.connect(loop.quit)
    job.start()
    loop.exec_()
    job.renderedImage().save(os.path.join(pictures, name))
    return [error.message for error in job.errors()]


def whole(layers, system):
    extent = QgsRectangle()
    for layer in layers:
        transform = QgsCoordinateTransform(layer.crs(), system, QgsProject.instance())
        extent.combineExtentWith(transform.transformBoundingBox(layer.extent()))
    extent.scale(1.05)
    return extent


def items(layout):
    """Where the items of a layout stand and what they say, by their ids, once it was drawn."""
    page = layout.pageCollection().page(0).rect()
    boxes, words = {"page": [page.left(), page.top(), page.right(), page.bottom()]}, {}
    for item in layout.items():
        if not isinstance(item, QgsLayoutItem) or not item.id():
            continue
        box = item.sceneBoundingRect()
        boxes[item.id()] = [box.left(), box.top(), box.right(), box.bottom()]
        if isinstance(item, QgsLayoutItemLabel):
            words[item.id()] = [item.currentText()]
        if isinstance(item, QgsLayoutItemLegend):
            words[item.id()] = legend_words(item)
    return {"boxes": boxes, "words": words}


def legend_words(legend):
    model = legend.model()
    layers = model.rootGroup().findLayers()
    context = legend.createExpressionContext()
    entries = [node.evaluateLabel(context) for layer in layers for node in model.layerLegendNodes(layer)]
    return [model.data(model.node2index(layer), Qt.DisplayRole) for layer in layers] + entries


def project(file, name):
    read = QgsProject.instance()
    facts = {"read": read.read(file), "title": read.title(), "crs": read.crs().authid() or read.crs().toProj()}
    layers = read.layerTreeRoot().layerOrder()
    facts["layers"] = [seen(layer) for layer in layers]
    facts["sources"] = [layer.source() for layer in layers]
    facts["in_tree"] = len(layers) == len(read.mapLayers())
    facts["errors"] = draw(layers, read.crs(), read.viewSettings().defaultViewExtent(), f"{name}.png")
    facts["layouts"] = []
    for layout in read.layoutManager().printLayouts():
        settings = QgsLayoutExporter.ImageExportSettings()
        settings.dpi = 150
        settings.generateWorldFile = False
        path = os.path.join(pictures, f"{name}-layout.png")
        result = QgsLayoutExporter(layout).exportToImage(path, settings)
        QImage(path).convertToFormat(QImage.Format_RGB888).save(path)
        maps = [item for item in layout.items() if isinstance(item, QgsLayoutItemMap)]
        facts["layouts"].append({"name": layout.name(), "exported": result == 0, "maps": len(maps), **items(layout)})
    return facts


def package(file, name):
    top = QgsVectorLayer(file, "top", "ogr")
    parts = [part.split(QgsDataProvider.SUBLAYER_SEPARATOR)[1] for part in top.dataProvider().subLayers()]
    layers = [QgsVectorLayer(f"{file}|layername={part}", part, "ogr") for part in parts if part != "layer_styles"]
    facts = {"layers": [seen(layer) for layer in layers]}
    drawn = [layer for layer in layers if layer.isSpatial()]
    drawn.sort(key=lambda layer: layer.geometryType())
    if drawn:
        facts["errors"] = draw(drawn, drawn[0].crs(), whole(drawn, drawn[0].crs()), f"{name}.png")
    return facts


def one(file, name):
    layer = QgsRasterLayer(file, name) if file.endswith((".png", ".tif")) else QgsVectorLayer(file, name, "ogr")
    facts = {"layers": [seen(layer)]}
    if layer.isValid() and layer.isSpatial():
        facts["errors"] = draw([layer], layer.crs(), whole([layer], layer.crs()), f"{name}.png")
    return facts


os.makedirs(pictures, exist_ok=True)
for file in files:
    QgsProject.instance().clear()
    del log[:]
    name = os.path.basename(file.split("?")[0]).replace(".", "_")
    if file.endswith((".qgs", ".qgz")) or file.startswith("geopackage:"):
        facts = project(file, name + ("_inside" if file.startswith("geopackage:") else ""))
    elif file.endswith(".gpkg"):
        facts = package(file, name)
    else:
        facts = one(file, name)
    facts["log"] = list(log)
    print(json.dumps({"file": file, **facts}), flush=True)
os._exit(0)  # Leaving QGIS in order may crash after a layout was exported.
