"""peers.py duckdb RECORDS THREADS | peers.py geopandas POINTS ZONES | peers.py geopandas-flows RECORDS ZONES: what another program takes
for the same, as JSON: CPU seconds, MiB at the peak, rows of the answer; exit code 3 where it is not installed."""
import json
import resource
import sys
import time

try:
    if sys.argv[1] == "duckdb":
        import duckdb
    else:
        import geopandas
        import pandas
        import pyarrow.parquet
except ImportError:
    sys.exit(3)


def by_duckdb(records, threads):
    query = f"select origin, dest, sum(w), count(*) from '{records}' group by origin, dest"
    connection = duckdb.connect()
    connection.execute(f"set threads = {threads}")
    return connection.execute(query).to_arrow_table().num_rows


def zones_of(table, ends, zones):
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(*[table[end] for end in ends]))
    return geopandas.sjoin(points, zones, predicate="within")["id"]


def read_zones(zones):
    return geopandas.read_file(zones).set_crs(None, allow_override=True)


def by_geopandas(points, zones):
    table = pyarrow.parquet.read_table(points, columns=["lon", "lat"])
    return len(zones_of(table, ["lon", "lat"], read_zones(zones)))


def flows_by_geopandas(records, zones):
    zones, parts = read_zones(zones), []
    columns = [["lon", "lat"], ["dest_lon", "dest_lat"]]
    for batch in pyarrow.parquet.ParquetFile(records).iter_batches(1_000_000, columns=sum(columns, [])):
        origin, dest = [zones_of(batch, ends, zones) for ends in columns]
        # A point on a border is found in each zone that has it.
        pair = origin[~origin.index.duplicated()].to_frame("origin").join(dest[~dest.index.duplicated()].rename("dest"), how="inner")
        parts.append(pair.groupby(["origin", "dest"]).size())
    return len(pandas.concat(parts).groupby(level=[0, 1]).sum())


started = time.process_time()
peers = {"duckdb": by_duckdb, "geopandas": by_geopandas, "geopandas-flows": flows_by_geopandas}
rows = peers[sys.argv[1]](*sys.argv[2:])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"cpu": time.process_time() - started, "peak": peak, "rows": rows}))
