"""Everything on disk: archive (WARC), ledger (SQLite), records and releases (Parquet). Never touches the network."""
