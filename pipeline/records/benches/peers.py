"""peers.py duckdb RECORDS THREADS | peers.py geopandas POINTS ZONES: what another program takes for the same, as JSON: CPU seconds, MiB at the
peak, rows of the answer; exit code 3 where it is not installed."""
import json
import resource
import sys
import time

try:
    if sys.argv[1] == "duckdb":
        import duckdb
    else:
        import geopandas
        import pyarrow.parquet
except ImportError:
    sys.exit(3)


def by_duckdb(records, threads):
    query = f"select origin, dest, sum(w), count(*) from '{records}' group by origin, dest"
    connection = duckdb.connect()
    connection.execute(f"set threads = {threads}")
    return connection.execute(query).to_arrow_table().num_rows


def by_geopandas(points, zones):
    table = pyarrow.parquet.read_table(points, columns=["lon", "lat"])
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(table["lon"], table["lat"]))
    zones = geopandas.read_file(zones).set_crs(None, allow_override=True)
    return len(geopandas.sjoin(points, zones, predicate="within"))


started = time.process_time()
rows = {"duckdb": by_duckdb, "geopandas": by_geopandas}[sys.argv[1]](*sys.argv[2:])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"cpu": time.process_time() - started, "peak": peak, "rows": rows}))
