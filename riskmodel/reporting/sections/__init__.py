"""The sections of a model card, each a function from the material to words, tables and charts."""
