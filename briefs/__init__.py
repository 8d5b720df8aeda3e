"""Documents that leave the dashboard: briefs, packets, slides and workbooks, made of the same answers as the pages."""
