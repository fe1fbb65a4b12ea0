"""Adding sources and keeping them true: what `python -m macros source` does.

`crossref` asks Crossref, `reading` makes entries of what it or a file says, `writing` puts them into the bibliography, and
`verifying` compares the bibliography with Crossref.
"""
