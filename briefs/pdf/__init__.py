"""Documents as PDF/UA: `encode.py` turns a document into plain data, and the templates in this folder set it with Typst."""
