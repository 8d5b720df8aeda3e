"""Check a delivery on a cluster: the statements of data/ run in its tasks, and the cluster moves the rows between them.

1. `pieces.py`: the files of enrollments, completions and courses are cut into pieces.
2. `read.py`: each piece is cast. Its counts and names are what all rows must know of each other (`Facts`).
3. `decide.py`: rows with the same key meet in a shard, where duplicates are found and the rules applied.
4. `number.py`: accepted rows of the same residents meet in a shard, which numbers them and makes rows of the store.

`rows.py` runs these steps from the machine that publishes. It holds the excluded rows and the small tables. `checkpoints.py` holds what
finished steps gave, for an attempt after one that stopped. `engine.py` is what it needs
of a cluster, and `spark.py` is Spark. docs/adr/0009 says why one engine judges and another moves.
"""
