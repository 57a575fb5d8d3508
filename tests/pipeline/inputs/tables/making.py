"""Tables for tests, in every format."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

FORMATS = ("parquet", "arrow", "stream.arrow", "csv", "npz")


def lists(vectors):
    """Give a matrix as a column of lists of one length."""
    return pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), vectors.shape[1])


def write_table(path, vectors, columns):
    """Write vectors and columns, in the format that the file's name says."""
    if path.suffix == ".npz":
        np.savez(path, embedding=vectors, **{name: np.array(values) for name, values in columns.items()})
    elif path.suffix == ".csv":
        rows = zip(vectors, *columns.values(), strict=True)
        lines = [f'"{json.dumps(vector.tolist())}",{",".join(map(str, cells))}' for vector, *cells in rows]
        path.write_text("\n".join([",".join(["embedding", *columns]), *lines, ""]))
    else:
        write_arrow(path, pa.table({"embedding": lists(vectors), **columns}))
    return path


def write_arrow(path, table):
    """Write an Arrow table as Parquet, an Arrow file, or a stream."""
    if path.suffix == ".parquet":
        parquet.write_table(table, path)
    else:
        new = pa.ipc.new_stream if path.name.endswith("stream.arrow") else pa.ipc.new_file
        with new(str(path), table.schema) as writer:
            writer.write_table(table)
    return path


def planted_vectors(rng, n=40, d=6, classes=2):
    """Give vectors of planted classes, and the classes."""
    labels = np.arange(n) % classes
    return (rng.normal(size=(n, d)) + 6 * labels[:, None]).astype(np.float32), labels
