"""The engine: partner extracts become a warehouse, declarations become a point-in-time design matrix."""
