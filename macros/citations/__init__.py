"""Citations: `references.bib` to citations in pages, lists of sources, source cards and downloads.

`bibliography` reads and checks the BibTeX, `csl_json` turns entries into CSL data, `processor` has pandoc format them
in the site's CSL style, `ahead` does all of that beside the pages where the bibliography is large and new, `rendering`
makes HTML of the result, `export` makes the files to download, and `macros` is what pages call.
"""
