#!/bin/sh
# Makes the base map of this folder anew: fetches the pinned packages with apt and npm
# into a scratch folder, then cuts and simplifies them with build.mjs.
# Needs Debian 12 with dpkg, gdal-bin, node 20 and npm. Nothing is installed on the system.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

apt-get download qgis-common=3.22.16+dfsg-1 r-cran-maps=3.4.1-1
for package in ./*.deb; do dpkg -x "$package" .; done
npm install --no-save --no-audit --no-fund --ignore-scripts --silent \
  mapshaper@0.6.102 world-atlas@2.0.2 us-atlas@3.0.1 i18n-iso-countries@7.14.0 \
  topojson-client@3.1.0 d3-geo@3.1.1 d3-geo-projection@4.0.0

ogr2ogr -f GeoJSON -lco COORDINATE_PRECISION=6 divisions.json \
  usr/share/qgis/resources/data/world_map.gpkg states_provinces

cp "$here/build.mjs" .
node build.mjs "$here"
cd "$here"
sha256sum ./*.geojson | sed 's|\./||'
